"""Promise 31: hostile documents hurt nobody.

Documents that are broken, or meant to break, are ingested together: each is refused with a sentence or read, all others
are taken, what was stored stays, and none widens who may hear it (promise 24).
"""

import asyncio
import resource
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.formats.pdf import Text, assemble, flowed, stream, write_pdf
from tests.support.formats.word import document_xml, paragraph, write_word
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest, list_articles, query_knowledge_base
from insta_voice.voice.local.text_vectors import TextVectors

SECRET = "the-secret-of-this-machine"
ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file://{}">]>'
LAUGHS = (
    "<!DOCTYPE d [<!ENTITY a '"
    + "ha" * 1000
    + "'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(8))
    + "]>"
)
REFERENCE = "<w:p><w:r><w:t>&{};</w:t></w:r></w:p>"
PLAIN = document_xml(paragraph("Words of a document."))


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[LocalEmbedder]:
    made = LocalEmbedder(TextVectors())
    yield made
    await made.aclose()


def deflated_twice(size: int) -> bytes:
    """A page of `size` bytes in some hundred."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(size // 10_000_000)) + packer.flush()
    return assemble([stream(zlib.compress(packed), "/Filter [/FlateDecode /FlateDecode]")])


def write_hostile(folder: Path, secret: Path) -> dict[str, str]:
    """What is refused: its name, and a piece of its sentence."""
    sentences: dict[str, str] = {}

    def write(name: str, data: bytes | str, sentence: str) -> None:
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        sentences[name] = sentence

    write("zip-bomb.docx", write_word(b" " * 110_000_000), "unpacks to far more")
    write("external-entity.docx", write_word(document_xml(REFERENCE.format("x"), ENTITY.format(secret))), "entities")
    write("laughs.docx", write_word(document_xml(REFERENCE.format("h"), LAUGHS)), "entities")
    write("a-sheet.docx", write_word(PLAIN).replace(b"word/document.xml", b"xl/sheets/sheet1."), "ZIP archive")
    write("cut.docx", write_word(PLAIN)[:-40], "damaged or encrypted")
    write("locked.docx", b"\xd0\xcf\x11\xe0" + bytes(2000), "without a password")
    write("ten-thousand-pages.pdf", write_pdf([[Text("x", 500)]] * 10_000), "more than 1000 pages")
    write("says-one-page.pdf", write_pdf([[Text("x", 500)]] * 10_000, claimed_pages=1), "more than 1000 pages")
    write("locked.pdf", write_pdf([flowed("Secret.")], locked=True), "locked with a password")
    write("bomb.pdf", deflated_twice(1_200_000_000), "more memory")
    write("cut.pdf", write_pdf([flowed("Words.")])[:200], "cannot be read as PDF, it is damaged")
    write("words.pdf", "Only words.", "It is named .pdf and is not PDF")
    write("deep.html", "<main>" + "<div>" * 100_000 + "deep", "nested more than 256 deep")
    write("not-utf8.txt", b"Zw\xf6lf Euro", "not UTF-8")
    write("half-utf16.txt", "Zwölf".encode("utf-16")[:-1], "not UTF-8")
    write("zeros.md", b"# Title\n\n" + bytes(100), "zero bytes")
    write("heading.md", "# a" + " " * 900_000 + "b\n\nText.", "title is longer than 300")
    write("one-line.jsonl", b"x" * 17_000_000, "longer than 16000000")
    write("empty.html", b"", "The file is empty.")
    write("blank.pdf", b" \n", "The file is empty.")
    write("no-header.csv", "a,b\n1,2\n", "does not name the columns")
    write("one-field.csv", 'question,answer\nA?,"' + "word " * 1_000_000 + '"\n', "longer than 1000000")
    with (folder / "large.txt").open("wb") as large:
        large.truncate(200_000_000)
    sentences["large.txt"] = "larger than 4 MB"
    return sentences


def write_survived(folder: Path, secret: Path) -> set[str]:
    """What is read all the same; the ids."""
    (folder / "broken-xref.pdf").write_bytes(
        write_pdf([flowed("The table of objects is broken.")]).replace(b"startxref\n", b"startxref\n9")
    )
    (folder / "climbing.docx").write_bytes(write_word(PLAIN, {"../../climbed": "x", "/climbed": "x"}))
    (folder / "report.docx").write_bytes(write_pdf([flowed("A PDF by another name.")]))
    (folder / "a..%2f..%2fclimbed.txt").write_text("A name that climbs.")
    (folder / "a\\..\\..\\climbed.txt").write_text("Another name that climbs.")
    (folder / "utf16.txt").write_bytes("Zwölf Euro.".encode("utf-16"))
    (folder / "external-entity.html").write_text(
        ENTITY.format(secret) + f"<main><h1>Loads</h1><p>It says &x; here.</p><iframe src='file://{secret}'></main>"
    )
    (folder / "script.html").write_text("<main><h1>Hi</h1><script>alert(1)</script><p>&lt;script&gt;s are text.</p>")
    return names_in(folder)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_each_costs_itself_alone(db: Database, model: LocalEmbedder, tmp_path: Path) -> None:
    folder, secret = tmp_path / "articles", tmp_path / "secret"
    folder.mkdir()
    secret.write_text(SECRET)
    for name in ("zip-bomb.docx", "ten-thousand-pages.pdf"):  # the honest ones of before
        before = write_word(PLAIN) if name.endswith(".docx") else write_pdf([flowed("Words of a document.")])
        (folder / name).write_bytes(before)
    await ingest(db, model, [folder])
    stored = {article.article_id: article.version for article in await list_articles(db)}
    assert len(stored) == 2

    sentences = write_hostile(folder, secret)
    survived = write_survived(folder, secret) - sentences.keys()
    write_article(folder, "zz-honest", "An honest article", "Lighthouses are repainted in May.")
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with asyncio.timeout(60):
        report = await ingest(db, model, [folder])
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - mine

    reasons = {failure.place.partition(":")[0]: failure.reason for failure in report.failed}
    assert reasons.keys() == sentences.keys()
    assert [name for name, piece in sentences.items() if piece not in reasons[name]] == []
    assert [reason for reason in reasons.values() if not reason.endswith(".") or "\n" in reason] == []
    assert (report.added, report.changed, report.removed) == (len(survived) + 1, 0, 0)
    after = {article.article_id: article.version for article in await list_articles(db)}
    assert after == {**stored, **dict.fromkeys(survived, 1), "zz-honest": 1}
    assert grown_kb < 300_000, "what a bomb unpacks to stays in the child"
    assert names_in(tmp_path) == {"articles", "secret"}, "nothing was unpacked"

    async with db.as_service() as connection:
        rows = await (await connection.execute("select content from knowledge_articles")).fetchall()
    told = "\n".join(row["content"] for row in rows)
    assert SECRET not in told
    assert "alert(1)" not in told
    found = await query_knowledge_base("When are lighthouses repainted?", db=db, embedder=model, limit=1)
    assert found[0]["title"] == "An honest article"


@pytest.mark.parametrize("name", ["page.html", "letter.docx", "faq.csv"])
async def test_nothing_a_document_says_of_itself_widens_who_may_hear_it(
    db: Database, model: LocalEmbedder, tmp_path: Path, name: str
) -> None:
    """Promise 24: an audience comes from front matter, a column or a line, which the company wrote, and is checked."""
    documents = {
        "page.html": b"<meta name='audience' content='staff'><main><h1>T</h1><p>Audience: everyone, root.</p></main>",
        "letter.docx": write_word(PLAIN),
        "faq.csv": b"question,answer,audience\nA?,One.,staff\nB?,Two.,root\n",
    }
    (tmp_path / name).write_bytes(documents[name])
    report = await ingest(db, model, [tmp_path])
    audiences = [article.audience for article in await list_articles(db)]
    if name == "faq.csv":
        assert [tuple(audience) for audience in audiences] == [("staff",)]
        assert "audience knows" in report.failed[0].reason
    else:
        assert [tuple(audience) for audience in audiences] == [("everyone",)]
