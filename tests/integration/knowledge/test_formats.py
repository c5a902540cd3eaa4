"""Documents of every kind in one directory: found by what they say, known by their names, gone when they go."""

from pathlib import Path

import pytest
from tests.support.formats.pdf import Text, flowed, write_pdf
from tests.support.formats.word import document_xml, paragraph, table, write_word
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import LocalEmbedder, Report, find_articles, ingest, list_articles, query_knowledge_base
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
