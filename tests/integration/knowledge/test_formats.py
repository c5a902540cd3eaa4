"""Documents of every kind in one directory: found by what they say, known by their names, gone when they go."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.formats.pdf import Text, flowed, write_pdf
from tests.support.formats.word import document_xml, paragraph, table, write_word
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.extraction import READERS_VERSION
from insta_voice.extraction.extractor import Extractor
from insta_voice.extraction.found import Found
from insta_voice.knowledge import (
    LocalEmbedder,
    Report,
    draft_article,
    find_articles,
    get_version,
    ingest,
    list_articles,
    publish,
    query_knowledge_base,
    remove_articles,
    sources,
)
from insta_voice.knowledge.formats import DocumentReader, Kind, kind_of

PAGE = """<!doctype html><nav>Home</nav><main><h1>Export your data</h1><p>Open settings and press export.</p></main>"""
WORD = document_xml(
    paragraph("Seats", "Titel") + paragraph("Each person takes a seat.") + table(("Plan", "Seats"), ("Pro", "25"))
)


def write_all(folder: Path) -> None:
    """The same name with every suffix: none of them is another's."""
    folder.mkdir()
    write_article(folder, "help", "Reset your password", "Choose forgot password.")
    (folder / "help.html").write_text(PAGE)
    (folder / "help.pdf").write_bytes(
        write_pdf([[Text("Refund policy", 740, size=20), *flowed("Money comes back within thirty days.", top=700)]])
    )
    (folder / "help.docx").write_bytes(write_word(WORD))
    (folder / "help.txt").write_bytes("Opening hours\n\nFrom nine to five, Zürich time.\n".encode("utf-16"))
    (folder / "help.csv").write_text("question,answer\nMay I pay by invoice?,Yes.\nIs there a trial?,\n")
    (folder / "help.jsonl").write_text('{"id": "line", "title": "Webhooks", "text": "We call you."}\n')


async def test_every_kind_is_found_by_what_it_says(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    write_all(folder)
    report = await ingest(db, embedder, [folder])
    assert (report.added, [(f.place, f.reason) for f in report.failed]) == (
        7,
        [("help.csv:3", "The row has no answer.")],
    )
    asked = {
        "How do I reset my password?": "help",
        "How do I export my data?": "help.html",
        "When do I get my money back?": "help.pdf",
        "How many seats has the Pro plan?": "help.docx",
        "What are your opening hours?": "help.txt",
        "Can I pay by invoice?": "help.csv#may-i-pay-by-invoice",
        "Do you have webhooks?": "line",
    }
    found = await find_articles(db, embedder, list(asked))
    assert [one.articles[0].article_id for one in found] == list(asked.values())
    [passage] = await query_knowledge_base("seats of the Pro plan", db=db, embedder=embedder, limit=1)
    assert "Plan: Pro; Seats: 25" in passage["text"]


async def test_again_changes_nothing_and_what_goes_is_removed(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write_all(folder)
    (folder / "help.csv").write_text("question,answer\nMay I pay by invoice?,Yes.\nIs there a trial?,Of 14 days.\n")
    assert await ingest(db, embedder, [folder]) == Report(added=8)
    assert await ingest(db, embedder, [folder]) == Report(unchanged=8)
    (folder / "help.pdf").unlink()
    (folder / "help.csv").write_text("question,answer\nMay I pay by invoice?,By card alone.\n")
    assert await ingest(db, embedder, [folder]) == Report(changed=1, unchanged=5, removed=2)
    assert {article.article_id for article in await list_articles(db)} == {
        "help",
        "help.html",
        "help.docx",
        "help.txt",
        "help.csv#may-i-pay-by-invoice",
        "line",
    }


async def test_a_file_that_is_the_same_is_not_parsed_again(
    db: Database, embedder: LocalEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nightly run over a thousand PDFs parsed each of them to find that nothing had changed."""
    parsed: list[Kind] = []
    extract = Extractor.extract

    async def note(self: Extractor, data: bytes, kind: Kind) -> list[Found]:
        parsed.append(kind)
        return await extract(self, data, kind)

    async def parsed_by(audience: str = "everyone") -> tuple[Report, list[Kind]]:
        parsed.clear()
        return await ingest(db, embedder, [folder], audience=[audience]), sorted(parsed)

    monkeypatch.setattr(Extractor, "extract", note)
    folder = tmp_path / "articles"
    write_all(folder)
    (folder / "help.csv").unlink()
    every = sorted([Kind.HTML, Kind.PDF, Kind.WORD])
    assert await parsed_by() == (Report(added=6), every)
    assert await parsed_by() == (Report(unchanged=6), [])

    (folder / "help.html").write_text(PAGE.replace("press", "choose"))
    assert await parsed_by() == (Report(changed=1, unchanged=5), [Kind.HTML])
    assert await parsed_by("staff") == (Report(changed=6), every)
    assert await parsed_by("staff") == (Report(unchanged=6), [])

    await remove_articles(db, ["help.pdf"])
    assert await parsed_by("staff") == (Report(added=1, unchanged=5), [Kind.PDF])
    monkeypatch.setattr(sources, "READERS_VERSION", READERS_VERSION + 1)
    assert await parsed_by("staff") == (Report(unchanged=6), every)
    assert await parsed_by("staff") == (Report(unchanged=6), [])


async def test_an_edit_of_what_a_parser_read_stays_until_its_file_changes(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    page = tmp_path / "help.html"
    page.write_text(PAGE)
    await ingest(db, embedder, [tmp_path])
    edited = replace((await get_version(db, "help.html")).document, content="Press the export button.")
    await draft_article(db, edited, written_by="test")
    await publish(db, embedder, "help.html", written_by="test")
    for _ in range(2):
        assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, edits_kept=("help.html",))
    page.write_text(PAGE.replace("press", "choose"))
    assert await ingest(db, embedder, [tmp_path]) == Report(changed=1, edits_replaced=("help.html",))


async def test_an_edit_that_says_what_its_file_says_later_stays(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """No version is written of such a file: what was read of it before is not what it says now."""
    page = tmp_path / "help.html"
    page.write_text(PAGE)
    await ingest(db, embedder, [tmp_path])
    read = (await get_version(db, "help.html")).document
    edited = replace(read, content=read.content.replace("press", "choose"))
    assert edited != read
    await draft_article(db, edited, written_by="test")
    await publish(db, embedder, "help.html", written_by="test")
    page.write_text(PAGE.replace("press", "choose"))
    for _ in range(2):
        assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1)
        assert (await get_version(db, "help.html")).document.content == edited.content


async def heard_by(db: Database) -> dict[str, tuple[str, ...]]:
    return {article.article_id: tuple(article.audience) for article in await list_articles(db)}


async def test_an_audience_is_that_of_every_article_that_names_none_whatever_its_kind(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write_all(folder)
    (folder / "help.csv").write_text("question,answer\nMay I pay by invoice?,Yes.\n")
    write_article(folder, "refunds", "Refund exceptions", "Up to 90 days.", audience="[staff]")
    (folder / "own.csv").write_text("id,title,text,audience\nseats,Seats,As many as you like.,everyone\n")
    (folder / "own.jsonl").write_text('{"id": "key", "title": "Keys", "text": "Two.", "audience": "staff"}\n')
    unnamed = {"help", "help.html", "help.pdf", "help.docx", "help.txt", "help.csv#may-i-pay-by-invoice", "line"}
    named = {"refunds": ("staff",), "seats": ("everyone",), "key": ("staff",)}

    assert await ingest(db, embedder, [folder], audience=("plan:pro", "staff")) == Report(added=10)
    assert await heard_by(db) == dict.fromkeys(unnamed, ("plan:pro", "staff")) | named
    heard = await query_knowledge_base("May I pay by invoice?", db=db, embedder=embedder)
    assert [passage["external_id"] for passage in heard] == ["seats"]
    assert await ingest(db, embedder, [folder], audience=("plan:pro", "staff")) == Report(unchanged=10)

    assert await ingest(db, embedder, [folder], audience=("plan:team",)) == Report(changed=7, unchanged=3)
    assert await heard_by(db) == dict.fromkeys(unnamed, ("plan:team",)) | named
    assert await ingest(db, embedder, [folder]) == Report(changed=7, unchanged=3)
    assert await heard_by(db) == dict.fromkeys(unnamed, ("everyone",)) | named


async def test_an_audience_that_is_none_is_said_before_anything_is_read(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    write_all(tmp_path / "articles")
    for wrong in (("everybody",), ()):
        with pytest.raises(InvalidInputError, match="The field audience knows"):
            await ingest(db, embedder, [tmp_path / "articles"], audience=wrong)
    assert await list_articles(db) == []


async def test_a_page_of_the_web_keeps_the_address_it_was_found_at() -> None:
    page = PAGE.replace("<nav>", '<link rel="canonical" href="https://elsewhere.example/"><nav>').encode()
    address = "https://help.example/export"
    kind = kind_of("/export", "text/html; charset=utf-8", page)
    async with DocumentReader() as reader:
        [part] = await reader.parts(page, kind=kind, name=address, url=address)
    document = part.document
    assert kind is Kind.HTML
    assert document is not None
    assert (document.title, document.url, document.external_id) == ("Export your data", address, address)
    assert document.content == "# Export your data\n\nOpen settings and press export."
