"""The bytes of a document into its text: HTML, PDF, Word and CSV are read by a child process with bounds, which has no
settings, no network and no files.

Here are what a document is (`kinds`), the process that reads (`__main__`, `child`) with its readers, and the way to it.
What an article is, where it comes from and where it goes is `knowledge`'s.
"""

from typing import Final

READERS_VERSION: Final = 3
"""Raise it when the text or the links of a document are read differently: files and pages are read anew then, once."""
