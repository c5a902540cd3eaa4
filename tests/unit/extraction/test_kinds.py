"""What a document is taken for: its content first, then what a server and its name say."""

import pytest
from tests.support.formats.pdf import Text, write_pdf
from tests.support.formats.word import document_xml, paragraph, write_word

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.kinds import MAX_BYTES, Kind, check_size, kind_of

PDF = write_pdf([[Text("Hello", 700)]])
WORD = write_word(document_xml(paragraph("Hello")))
PAGE = b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>Hello"


@pytest.mark.parametrize(
    ("name", "content_type", "data", "kind"),
    [
        ("a.md", None, b"# Title", Kind.MARKDOWN),
        ("A.TXT", None, b"Words", Kind.TEXT),
        ("faq.csv", None, b"PK,question", Kind.CSV),
        ("page.htm", None, b"<p>a fragment", Kind.HTML),
        ("page.htm", None, PAGE.decode("utf-8-sig").encode("utf-16"), Kind.HTML),
        # Read as what it is, whatever it is called.
        ("report.docx", None, PDF, Kind.PDF),
        ("report.txt", None, PDF, Kind.PDF),
        ("report.pdf", None, b"a line of a mail gateway\n" + PDF, Kind.PDF),
        ("report.pdf", None, WORD, Kind.WORD),
        ("page.txt", None, PAGE, Kind.HTML),
        ("no-suffix", None, WORD, Kind.WORD),
        ("page.txt", None, b"<BODY class=help>Hello", Kind.HTML),
        ("page.txt", None, b"<!doctypehtml><p>Hello", Kind.HTML),
        # Pieces of a page are what they are called.
        ("a.md", None, b"<header>Note</header>\n\n# Title", Kind.MARKDOWN),
        ("a.txt", None, b"<headline> of your letter", Kind.TEXT),
        ("a.md", None, b"<body-text> is an element", Kind.MARKDOWN),
        ("a.html", None, b"<header>Note</header>", Kind.HTML),
        ("about-pdf.md", None, b"# How files begin\n\n%PDF-1.7", Kind.MARKDOWN),
        # What a server says, where it knows.
        ("/docs/readme.md", "text/html; charset=utf-8", b"<p>rendered", Kind.HTML),
        ("/docs/readme.md", "text/plain", b"# Title", Kind.MARKDOWN),
        ("/download", "text/plain", b"Words", Kind.TEXT),
        ("/download", "application/octet-stream", PDF, Kind.PDF),
    ],
)
def test_content_name_and_server_decide_together(name: str, content_type: str | None, data: bytes, kind: Kind) -> None:
    assert kind_of(name, content_type, data) is kind


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", b"Words", "It is named .pdf and is not PDF: give the file its right name."),
        ("a.docx", b"Words", "It is named .docx and is not Word: give the file its right name."),
        ("a.docx", b"PK\x03\x04 a sheet", "It is a ZIP archive and no Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0 locked or of 1997", "save it as .docx without a password"),
        ("a.txt", b"{\\rtf1 rich}", "rich text"),
        ("a.pdf", b" \n", "The file is empty."),
        ("a.txt", b"", "The file is empty."),
        ("a.exe", b"MZ", "It is none of what is read: .csv, .docx, .htm"),
    ],
)
def test_what_is_not_read_is_told_what_it_is(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence.replace("(", r"\(")):
        kind_of(name, None, data)


def test_every_kind_has_a_bound() -> None:
    assert MAX_BYTES.keys() == set(Kind)
    check_size(4_000_000, Kind.TEXT)
    with pytest.raises(InvalidInputError, match=r"larger than 4 MB \(plain text\)"):
        check_size(4_000_001, Kind.TEXT)
