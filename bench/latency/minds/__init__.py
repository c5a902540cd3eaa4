"""Who thinks while the latency of all sides is measured: the product's own responder beside peers that answer at once,
by heart, or one scripted language model that all of them ask.

What the choice means for whom is in mind.py, what the model says in reply.py, the process that says it in model.py; a
peer's library has a file of its own, as Pipecat lives in another environment.
"""
