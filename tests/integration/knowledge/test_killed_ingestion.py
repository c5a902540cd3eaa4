"""`kb ingest` killed in the middle and started again: nothing twice, nothing lost, nothing half, and callers are
answered all the while."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import psycopg
import pytest
from tests.support.kb import Kb, start_kb
from tests.support.knowledge import write_article
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, Report, ingest, list_articles, query_knowledge_base

# Enough to be killed between many, and 25 s of a processor; bench/README.md has the command for a thousand.
DOCUMENTS = int(os.environ.get("DOCUMENTS_TO_KILL_AMONG", "160"))
WITHIN_S = 60 + DOCUMENTS / 4  # ten times what an idle machine takes
KILLED_AFTER = 2 * DOCUMENTS // 5
# Have changed since they were ingested, and lie all over the directory: some are read before the kill.
SUBJECTS = ("Lighthouse", "Orchard", "Violin", "Glacier", "Saddle", "Bakery", "Comet", "Harbour")
CHANGED = {DOCUMENTS // 10 * place: subject for place, subject in enumerate(SUBJECTS, 1)}
PARTS = 3


def write_changed(folder: Path, edition: int) -> None:
    """Each of their parts says which edition it is of."""
    for number, subject in CHANGED.items():
        parts = (f"## Part {part}\n\nThe rule of the {subject}, edition {edition}." for part in range(PARTS))
        write_article(folder, name(number), subject, "\n\n".join(parts))


def write_new(folder: Path) -> None:
    """One short passage each."""
    for number in set(range(DOCUMENTS)) - set(CHANGED):
        write_article(folder, name(number), f"Spare part {number}", f"It is on shelf {number % 97}.")


def name(number: int) -> str:
    """The id of a document."""
    return f"a-{number:04}"


@dataclass
class Caller:
    """Asks for one changed article after the other, and remembers which editions of each were heard."""

    db: Database
    embedder: LocalEmbedder
    heard: dict[str, list[int]] = field(default_factory=lambda: {subject: [] for subject in CHANGED.values()})
    _subjects: Iterator[str] = field(default_factory=lambda: cycle(CHANGED.values()))

    async def ask(self) -> None:
        subject = next(self._subjects)
        found = await query_knowledge_base(f"The rule of the {subject}", db=self.db, embedder=self.embedder)
        texts = [passage["text"] for passage in found if passage["title"] == subject]
        assert len(texts) == PARTS, f"{subject} was gone, or there in part, or twice"
        [edition] = {int(text.rstrip(".").rsplit(" ", 1)[1]) for text in texts}
        self.heard[subject].append(edition)


async def versions(db: Database) -> dict[str, int]:
    """How often each article was written."""
    async with db.as_service() as connection:
        found = await connection.execute("select external_id, count(*) from article_versions group by 1")
        return {row["external_id"]: row["count"] for row in await found.fetchall()}


async def incomplete(db: Database) -> int:
    """Chunks without a vector, a sentence or its vector, or a posting; articles without chunks or a title's posting."""
    async with db.as_service() as connection:
        found = await connection.execute(
            """select
              (select count(*) from knowledge_chunks c where not exists (
                 select from chunk_embeddings e where e.chunk_id = c.id)
               or not exists (select from chunk_terms t where t.chunk_id = c.id)
               or (select count(*) from chunk_sentences s where s.chunk_id = c.id) = 0
               or (select count(*) from chunk_sentences s where s.chunk_id = c.id)
                  <> (select count(*) from sentence_embeddings s where s.chunk_id = c.id))
            + (select count(*) from knowledge_articles a where not exists (
                 select from knowledge_chunks c where c.article_id = a.id)
               or not exists (select from title_terms t where t.article_id = a.id)) as count"""
        )
        [row] = await found.fetchall()
        return int(row["count"])


async def ingest_until_killed(database: TestDatabase, tmp_path: Path, folder: Path, caller: Caller) -> None:
    """`kb ingest`, killed when it has done a part and is in the middle of writing an article."""

    async def has_done_a_part() -> bool:
        await caller.ask()
        return len(await list_articles(caller.db)) >= KILLED_AFTER

    process = await start_kb(database.url, tmp_path, "ingest", str(folder))
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:

        async def waits() -> bool:
            await caller.ask()
            return bool(await (await blocker.execute("select from pg_locks where not granted")).fetchall())

        try:
            await eventually_async(has_done_a_part, within_s=WITHIN_S, what=f"{KILLED_AFTER} articles are stored")
            # whoever writes an article has begun by then, and waits to write its title
            await blocker.execute("lock table title_terms in share mode")
            await eventually_async(waits, within_s=30, what="the ingestion waits in the middle of an article")
        finally:
            process.kill()
            await process.communicate()
        await caller.ask()


@pytest.mark.timeout(3 * WITHIN_S)
async def test_killed_among_many_documents_it_goes_on_where_it_was(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, kb: Kb, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write_changed(folder, 1)
    gone = write_article(folder, "gone", "Gone", "It will be gone.")
    assert await ingest(db, embedder, [folder]) == Report(added=len(CHANGED) + 1)
    write_changed(folder, 2)
    gone.unlink()
    write_new(folder)
    caller = Caller(db, embedder)

    await ingest_until_killed(database, tmp_path, folder, caller)
    stored = await versions(db)
    written = len(stored) - len(CHANGED) - 1 + sum(stored[name(number)] == 2 for number in CHANGED)
    assert KILLED_AFTER - len(CHANGED) <= written < DOCUMENTS
    assert await incomplete(db) == 0
    assert "gone" in {article.article_id for article in await list_articles(db)}, "removed at the end"

    again = asyncio.create_task(kb("ingest", str(folder), "--json"), name="ingest again")

    async def is_done() -> bool:
        await caller.ask()
        return again.done()

    await eventually_async(is_done, within_s=WITHIN_S, what="the ingestion ends")
    done = await again
    assert (done.code, done.err) == (0, "")
    for _ in CHANGED:  # whatever the machine's speed, each is asked for at the end too
        await caller.ask()
    report = json.loads(done.out)
    left = sum(stored[name(number)] == 1 for number in CHANGED)
    counts = {"added": DOCUMENTS - written - left, "changed": left, "unchanged": written, "removed": 1, "failed": []}
    assert report == {**report, **counts}
    assert {article.article_id for article in await list_articles(db)} == {name(n) for n in range(DOCUMENTS)}
    assert await versions(db) == {name(n): 2 if n in CHANGED else 1 for n in range(DOCUMENTS)} | {"gone": 1}
    assert await incomplete(db) == 0
    for editions in caller.heard.values():
        assert editions == sorted(editions), "an older text came back"
        assert set(editions) == {1, 2}
