"""Fixtures of integration tests: the real embedding model."""

from tests.support.knowledge import embedder

__all__ = ["embedder"]
