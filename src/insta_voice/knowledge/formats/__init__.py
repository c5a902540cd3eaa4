"""Documents of every kind into articles as we hold them: title, Markdown and what else the document says of itself.

The parsers run in a process of their own (`insta_voice.extraction`); what they say is checked like any other input.
"""

from insta_voice.extraction.kinds import MAX_BYTES, SUFFIXES, Kind, check_size, kind_of
from insta_voice.knowledge.formats.reading import DocumentReader, Part, markdown_of

__all__ = ["MAX_BYTES", "SUFFIXES", "DocumentReader", "Kind", "Part", "check_size", "kind_of", "markdown_of"]
