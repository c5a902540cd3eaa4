"""The life of an article: every version as it was written, drafts, publishing, and going back.

Here are what is kept of each version, the draft that waits, and what puts another text in the place of the published
one. How a text becomes searchable is `store`, a room up, which writes down each version that it publishes.
"""
