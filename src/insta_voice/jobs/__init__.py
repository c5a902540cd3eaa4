"""The job worker: summaries, tickets, and the watch over running calls. A job survives its worker and acts once.

What a job does is a few lines over the capabilities; putting one on the queue is `db.outbox`.
"""
