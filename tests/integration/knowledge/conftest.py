"""The real embedding model for the tests of this folder."""

from tests.support.knowledge import embedder

__all__ = ["embedder"]
