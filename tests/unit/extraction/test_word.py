"""Word documents: their headings, lists and tables; and archives that are none, or too much of one."""

import pytest
from tests.support.formats.word import document_xml, encrypted, paragraph, table, write_word

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.readers.word import read_word

BODY = (
    paragraph("Export your data", "Titel")
    + paragraph("In short: 2 * 2 steps.")
    + paragraph("Steps", "H1")
    + paragraph("Open settings", numbered=True)
    + paragraph("Press export", numbered=True)
    + paragraph("Formats", "H2")
    + table(("Plan", "Format"), ("Free", "CSV"))
)
ENTITIES = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def test_styles_become_headings_and_lists_and_tables_stay() -> None:
    [found] = read_word(write_word(document_xml(BODY)))
    assert found.fields["title"] == "Export your data"
    assert found.fields["text"].split("\n\n") == [
        "# Export your data",
        r"In short: 2 \* 2 steps.",
        "# Steps",
        "1. Open settings\n2. Press export",
        "## Formats",
        "| Plan | Format |\n| --- | --- |\n| Free | CSV |",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (write_word(b" " * 100_000_001), "unpacks to far more than a document has"),
        (write_word(document_xml("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", ENTITIES)), "declares entities"),
        (write_word(document_xml(BODY), {"word/styles.xml": ENTITIES.encode("utf-16")}), "declares entities"),
        (write_word(document_xml(BODY))[:-30], "damaged or encrypted"),
        (encrypted(write_word(document_xml(BODY))), "It is encrypted: save it without a password."),
        (write_word(document_xml("")), "no text"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        read_word(data)
