"""A version as a file: what is printed is what is read again, whatever an article says."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import Document, Version, VersionText, as_file, read_draft

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def version_of(document: Document) -> VersionText:
    return VersionText(
        Version("5f1c", document.external_id, 3, document.title, "ingest", None, "kb ingest", NOW, 3, None), document
    )


@pytest.mark.parametrize(
    "document",
    [
        Document("Reset your password", "Choose it.", "reset"),
        Document("Yes: “no” # 'maybe'", "---\ntitle: not front matter\n---\n\n# Heading\n\n- a\n- b", "2026"),
        Document("true", "Text\n\n\twith a tab", "a/b", "/help/x", ("plan:team", "staff"), ("sign-in", "null"), "pt-BR",
                 NOW, "Web app", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_what_is_shown_can_be_drafted(document: Document, tmp_path: Path) -> None:
    file = tmp_path / "shown.md"
    file.write_text(as_file(version_of(document)), "utf-8")
    assert read_draft(file) == (document, 3)


def test_an_article_without_an_id_is_called_by_the_one_it_has(tmp_path: Path) -> None:
    file = tmp_path / "shown.md"
    file.write_text(as_file(version_of(Document("Title", "Text"))), "utf-8")
    assert read_draft(file)[0].external_id == "5f1c"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_draft_is_read_as_ingestion_reads_it(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_bytes("---\r\nid: reset\r\nversion: 2\r\n---\r\n# Passwort ändern\r\n\r\nHier.".encode(encoding))
    assert read_draft(file) == (Document("Passwort ändern", "# Passwort ändern\n\nHier.", "reset"), 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"---\nid: a\n---\n" + b"a" * 4_000_000, "It is larger than 4 MB (Markdown): split it."),
        (b"%PDF-1.7", "It is PDF and not Markdown."),
        (b"---\nid: caf\xe9\n---\nText", "The file is not UTF-8 text: save it as UTF-8."),
        (b"---\nid: [\n---\nText", "The front matter is not plain YAML."),
        (b"# Nameless\n\nText.", "It has no id in its front matter, which says what article this is a draft of."),
        (b"---\nid: a\nversion: three\n---\nText", "The field version is not a whole number."),
        (b"---\nid: a\naudience: [everybody]\n---\nText", "The field audience knows"),
    ],
)
def test_what_is_no_draft_is_one_sentence_that_names_its_file(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError) as refused:
        read_draft(file)
    assert str(refused.value).startswith(f"{file}: {said}")


def test_a_draft_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInputError, match=r"missing\.md: The file cannot be read \(No such file or directory\)\."
    ):
        read_draft(tmp_path / "missing.md")
