"""Ingestion against a real Postgres and the real model: idempotent, careful, and atomic for whoever searches."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError, InvalidInputError
from insta_voice.knowledge import (
    Embedder,
    Embedders,
    LocalEmbedder,
    Report,
    find_articles,
    ingest,
    list_articles,
    query_knowledge_base,
    store_knowledge_base_article,
)
from insta_voice.knowledge.documents import parse_markdown
from insta_voice.knowledge.indexes import put_in_use
from insta_voice.knowledge.report import TakenOver
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.versions.writing import Origin


class Counting:
    """The real model, counting what it is given; fails on texts that hold `poison`."""

    def __init__(self, embedder: Embedder, poison: str = "", model: str | None = None) -> None:
        self._embedder = embedder
        self._poison = poison
        self.model = model or embedder.model
        self.dimensions = embedder.dimensions
        self.texts = 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += len(texts)
        if self._poison and any(self._poison in text for text in texts):
            raise EmbeddingError
        return await self._embedder.embed(texts)


async def ids(db: Database) -> dict[str, int]:
    """External id → version of every article."""
    return {article.article_id: article.version for article in await list_articles(db)}


async def test_again_costs_nothing_and_a_change_costs_its_article(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password.")
    write_article(tmp_path, "files/share", "Share a file", "Make a link.")
    counting = Counting(embedder)
    assert await ingest(db, counting, [tmp_path]) == Report(added=2)

    counting.texts = 0
    assert await ingest(db, counting, [tmp_path]) == Report(unchanged=2)
    assert counting.texts == 0

    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password. Wait for the letter.")
    assert await ingest(db, counting, [tmp_path]) == Report(changed=1, unchanged=1)
    assert await ids(db) == {"reset": 2, "files/share": 1}
    found = await query_knowledge_base("letter", db=db, embedder=embedder)
    assert [s["text"] for s in found[0]["sentences"]] == ["Choose forgot password.", "Wait for the letter."]


class Meeting:
    """The real model, which answers when it has been asked for two articles."""

    def __init__(self, embedder: LocalEmbedder) -> None:
        self._embedder = embedder
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self._both = asyncio.Barrier(2)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        async with asyncio.timeout(10):
            await self._both.wait()
        return await self._embedder.embed(texts)


async def test_the_next_articles_vectors_are_made_meanwhile(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for name in ("one", "two", "three", "four"):
        write_article(tmp_path, name, name.title(), f"This is {name}.")
    assert await ingest(db, Meeting(embedder), [tmp_path]) == Report(added=4)


async def test_its_progress_is_told_file_by_file(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    """Reading comes first, and takes the longer for PDFs."""
    for name in ("one", "two"):
        write_article(tmp_path, name, name.title(), f"This is {name}.")
    told: list[tuple[int, int, str]] = []
    await ingest(db, embedder, [tmp_path], progress=lambda *step: told.append(step))
    reading, taking = [(0, 2, "read one.md"), (1, 2, "read two.md")], [(0, 2, "one.md"), (1, 2, "two.md"), (2, 2, "")]
    assert told == reading + taking


async def test_a_changed_audience_alone_is_a_change(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    write_article(tmp_path, "secret", "Refund exceptions", "Up to 90 days.")
    await ingest(db, embedder, [tmp_path])
    write_article(tmp_path, "secret", "Refund exceptions", "Up to 90 days.", audience="[staff]")
    assert await ingest(db, embedder, [tmp_path]) == Report(changed=1)
    assert await query_knowledge_base("Refund exceptions", db=db, embedder=embedder) == []


async def test_a_directory_takes_away_what_it_lost_and_only_that(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for name in ("one", "two"):
        write_article(here, name, f"Article {name}", "Text.")
    write_article(there, "three", "Article three", "Text.")
    single = write_article(tmp_path, "four", "Article four", "Text.")
    await ingest(db, embedder, [here, there, single])

    (here / "two.md").unlink()
    assert await ingest(db, embedder, [here]) == Report(unchanged=1, removed=1)
    assert set(await ids(db)) == {"one", "three", "four"}

    (here / "one.md").unlink()  # an empty directory is a missing mount, not a wish
    assert await ingest(db, embedder, [here]) == Report()
    assert set(await ids(db)) == {"one", "three", "four"}


async def test_a_file_of_a_directory_loaded_alone_stays_the_directorys_and_anothers_does_not(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """A file of one's own with the id of a demo article went away with the demo."""
    here = tmp_path / "here"
    files = [write_article(here, name, name, "Text.") for name in ("one", "two", "three")]
    await ingest(db, embedder, [here])
    write_article(here, "one", "one", "Corrected.")
    other = write_article(tmp_path / "elsewhere", "two", "two", "From elsewhere.")
    taken_over = TakenOver("two", str(files[1]), str(other))
    assert await ingest(db, embedder, [files[0], other]) == Report(changed=2, taken_over=(taken_over,))

    files[0].unlink()
    files[1].unlink()
    assert await ingest(db, embedder, [here]) == Report(unchanged=1, removed=1)
    assert set(await ids(db)) == {"two", "three"}


async def test_a_file_that_changes_its_id_leaves_no_twin(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    path = write_article(tmp_path, "before", "Title", "Text.")
    await ingest(db, embedder, [tmp_path])
    path.write_text(path.read_text().replace("before", "after"))
    assert await ingest(db, embedder, [tmp_path]) == Report(added=1, removed=1)
    assert set(await ids(db)) == {"after"}


async def test_bad_documents_stop_nothing_and_damage_nothing(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    good = write_article(folder, "good", "A good article", "The first text.")
    write_article(folder, "other", "Another article", "Words.")
    await ingest(db, embedder, [folder])

    good.write_text("---\ntitle: [unclosed\n---\nBroken.")
    (folder / "binary.md").write_bytes(b"\x89\xff\x00\x01")
    (folder / "deep.md").write_text("# Deep\n\n" + ">" * 5000 + " end")
    outside = tmp_path / "outside.md"
    outside.write_text("# Outside\n\nNot yours.")
    (folder / "link.md").symlink_to(outside)
    (folder / "lines.jsonl").write_text('{"id":"l1","title":"Line","text":"One."}\nnot json\n{"id":"good2"}\n')
    (folder / "twice.jsonl").write_text('{"id":"l1","title":"Twice","text":"Two."}\n')
    report = await ingest(db, embedder, [folder])

    reasons = {failure.place: failure.reason for failure in report.failed}
    assert reasons.keys() >= {"good.md", "binary.md", "link.md", "lines.jsonl:2", "lines.jsonl:3", "twice.jsonl:1"}
    assert reasons["twice.jsonl:1"] == "The id l1 is already used by lines.jsonl:1."
    assert all(reason.endswith(".") for reason in reasons.values())
    assert report.removed == 0
    assert {"good", "other", "l1"} <= set(await ids(db))
    found = await query_knowledge_base("a good article", db=db, embedder=embedder)
    assert found[0]["text"] == "The first text."


async def test_lines_without_an_id_are_refused_by_name_and_add_nothing_every_night(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "faq.jsonl").write_text('{"id":"a","title":"A","text":"One."}\n{"title":"B","text":"Two."}\n')
    first, again = [await ingest(db, embedder, [tmp_path]) for _ in range(2)]
    assert (first.added, again.added, again.unchanged) == (1, 0, 1)
    assert [(failure.place, failure.reason) for failure in again.failed] == [
        ("faq.jsonl:2", "The line has no id: give each article an id that stays when its text changes.")
    ]
    assert await ids(db) == {"a": 1}


async def test_copies_that_an_older_release_left_without_an_id_go(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "faq.jsonl").write_text('{"id":"a","title":"A","text":"One."}\n')
    await ingest(db, embedder, [tmp_path])
    async with db.as_service() as connection:
        await connection.execute(
            "insert into knowledge_articles (source, source_path, title, title_length, url, language, audience, labels,"
            " content, content_hash) select source, source_path, title, title_length, url, language, audience, labels,"
            " content, content_hash from knowledge_articles"
        )
    assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, removed=1)
    assert await ids(db) == {"a": 1}


async def test_a_failing_model_leaves_the_article_as_it_was(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    path = write_article(tmp_path, "one", "One", "The old text.")
    write_article(tmp_path, "two", "Two", "Words.")
    await ingest(db, embedder, [tmp_path])
    path.write_text(path.read_text().replace("old", "poisoned"))
    report = await ingest(db, Counting(embedder, poison="poisoned"), [tmp_path])
    assert (report.unchanged, report.changed, len(report.failed)) == (1, 0, 1)
    assert (await query_knowledge_base("One", db=db, embedder=embedder))[0]["text"] == "The old text."


async def test_an_outage_ends_the_run_instead_of_waiting_for_every_article(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for number in range(6):
        write_article(tmp_path, f"a{number}", "Title", "poisoned")
    counting = Counting(embedder, poison="poisoned")
    with pytest.raises(EmbeddingError):
        await ingest(db, counting, [tmp_path])
    # Three articles of one chunk and one sentence, and perhaps the one that was under way beside the third.
    assert counting.texts in (6, 8)


async def test_an_outage_ends_also_whoever_was_at_another_document(db: Database, embedder: LocalEmbedder) -> None:
    taking = Taking(Store(db, Counting(embedder, poison="poisoned")))
    await taking.store.prepare()
    document = parse_markdown("---\nid: a\n---\n# Title\n\npoisoned", name="a")
    for _ in range(2):
        assert await taking.take(document, None, Origin(), place="a") is False
    for _ in range(2):
        with pytest.raises(EmbeddingError):
            await taking.take(document, None, Origin(), place="a")


async def test_a_model_that_is_not_in_use_yet_fails_no_article_and_is_asked_once(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for number in range(4):
        write_article(tmp_path, f"a{number}", f"Title {number}", "Text.")
    await ingest(db, embedder, [tmp_path])
    away = Counting(embedder, poison="Text", model="another-model")
    write_article(tmp_path, "a4", "Title 4", "Text.")
    assert await ingest(db, Embedders(away, embedder), [tmp_path]) == Report(added=1, unchanged=4)
    assert away.texts == 2  # a chunk and its sentence: the job worker asks again


async def test_a_missing_path_is_said(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="nothing at"):
        await ingest(db, embedder, [tmp_path / "missing"])


async def test_another_model_is_added_beside_the_first(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password. Then wait.")
    await ingest(db, embedder, [tmp_path])
    other = Counting(embedder, model="another-model")
    assert await ingest(db, other, [tmp_path]) == Report(unchanged=1)
    assert other.texts == 3
    with pytest.raises(EmbeddingError, match="No index"):  # not before the job worker has put it in use
        await query_knowledge_base("reset password", db=db, embedder=other)
    assert await put_in_use(db, "another-model")
    for model in (embedder, other):
        found = await query_knowledge_base("reset password", db=db, embedder=model)
        assert found[0]["sentences"][0]["score"] > 0.3
    other.texts = 0
    await ingest(db, other, [tmp_path])
    assert other.texts == 0


async def test_an_article_that_goes_while_its_missing_vectors_are_made_stays_gone(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    class Removing(Counting):
        """Removes every article while vectors are made."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            async with db.as_service() as connection:
                await connection.execute("delete from knowledge_articles")
            return await super().embed(texts)

    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password. Then wait.")
    await ingest(db, embedder, [tmp_path])
    assert await ingest(db, Removing(embedder, model="another-model"), [tmp_path]) == Report(unchanged=1)
    assert await ids(db) == {}


async def test_storing_an_article_is_idempotent(db: Database, embedder: LocalEmbedder) -> None:
    first = await store_knowledge_base_article("Refunds", "Within 30 days.", db=db, embedder=embedder)
    assert await store_knowledge_base_article("Refunds", "Within 30 days.", db=db, embedder=embedder) == first
    named = await store_knowledge_base_article("Refunds", "Now.", external_id="refunds", db=db, embedder=embedder)
    again = await store_knowledge_base_article("Refunds", "Later.", external_id="refunds", db=db, embedder=embedder)
    assert named == again != first
    assert len(await list_articles(db)) == 2


async def test_searches_never_see_half_of_an_article_that_is_replaced(db: Database, embedder: LocalEmbedder) -> None:
    """Each version's sections all carry its number: a search that mixed two versions would show two numbers."""

    def version(number: int) -> str:
        return "\n\n".join(f"## Part {part}\n\nThe lighthouse keeper's rule, edition {number}." for part in range(3))

    async def store(number: int) -> None:
        await store_knowledge_base_article("Lighthouse", version(number), external_id="x", db=db, embedder=embedder)

    await store(0)
    done = asyncio.Event()
    seen: set[str] = set()

    async def keep_searching() -> int:
        searches = 0
        while not done.is_set():
            found = await query_knowledge_base("lighthouse keeper's rule", db=db, embedder=embedder)
            editions = {passage["text"].rsplit(" ", 1)[1] for passage in found}
            assert len(found) == 3, "an article was gone, or there in part"
            assert len(editions) == 1
            seen.update(editions)
            searches += 1
        return searches

    searching = [asyncio.create_task(keep_searching(), name=f"search-{n}") for n in range(3)]
    for number in range(1, 12):
        await store(number)
    done.set()
    searches = await asyncio.gather(*searching)
    assert sum(searches) > 10
    assert len(seen) > 2


async def test_collection_counts_follow_every_change(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        write_article(tmp_path, name, f"Article {name}", "Some words here.\n\n## More\n\nOther words.")
    await ingest(db, embedder, [tmp_path])
    write_article(tmp_path, "one", "Article one changed", "Fewer words.")
    (tmp_path / "two.md").unlink()
    await ingest(db, embedder, [tmp_path])
    async with db.as_service() as connection:
        kept = await (await connection.execute("select * from knowledge_statistics")).fetchone()
        counted = await (
            await connection.execute(
                "select (select count(*) from knowledge_chunks) as chunks,"
                " (select sum(length) from knowledge_chunks) as chunk_words,"
                " (select count(*) from knowledge_articles) as articles,"
                " (select sum(title_length) from knowledge_articles) as title_words"
            )
        ).fetchone()
        postings = await (await connection.execute("select sum(frequency) as words from chunk_terms")).fetchone()
    assert kept is not None
    assert counted is not None
    assert postings is not None
    assert {name: kept[name] for name in counted} == counted
    assert postings["words"] == counted["chunk_words"]
    assert [f.articles[0].article_id for f in await find_articles(db, embedder, ["changed"])] == ["one"]
