"""Fixtures of tests of the knowledge base: the command line, and the demo company's articles to search."""

from tests.support.kb import kb
from tests.support.knowledge import company

__all__ = ["company", "kb"]
