"""Publishing while callers ask: they hear the old text or the new one, never neither, never both, whatever happens."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import psycopg
from tests.support.editions import asking_on, edition, heard, text_of
from tests.support.indexes import LOCAL, SMALL, Kept, models
from tests.support.kb import start_kb
from tests.support.knowledge import write_article
from tests.support.openai import serving_openai
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import (
    Embedder,
    LocalEmbedder,
    Report,
    draft_article,
    ingest,
    keep_indexes,
    list_drafts,
    publish,
)

EDITIONS = 10
_SEVERAL_BATCHES = 20


async def publish_edition(db: Database, embedder: Embedder, number: int) -> int:
    """Draft and publish; the version that is heard now."""
    await draft_article(db, edition(number), written_by="test")
    return (await publish(db, embedder, "light", written_by="test")).version


async def test_callers_hear_one_version_while_it_is_published_again_and_again(
    db: Database, embedder: LocalEmbedder
) -> None:
    published = {await publish_edition(db, embedder, 0): 0}
    async with asking_on(db, embedder) as asking:
        for number in range(1, EDITIONS):
            version = await publish_edition(db, embedder, number)
            published[version] = number
            assert (await heard(db, embedder))[:2] == (version, number), "published is searchable"
    for told in asking.told:
        assert {one[:2] for one in told} <= set(published.items())
        assert len({one.version for one in told}) > 2


async def test_callers_hear_one_version_while_its_file_changes_and_is_loaded_again_and_again(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    def load(number: int) -> Awaitable[Report]:
        write_article(tmp_path, "light", "Lighthouse", text_of(number))
        return ingest(db, embedder, [tmp_path])

    assert await load(0) == Report(added=1)
    async with asking_on(db, embedder) as asking:
        for number in range(1, EDITIONS):
            assert await load(number) == Report(changed=1)
            assert (await heard(db, embedder)).edition == number, "loaded is searchable"
    assert all(len({one.version for one in told}) > 2 for told in asking.told)


async def test_callers_hear_one_version_while_another_index_takes_over_and_it_is_published_again_and_again(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    local = Kept(embedder)
    for number in range(_SEVERAL_BATCHES):
        write_article(tmp_path, f"other-{number}", f"Harbour {number}", f"Ships of quay {number} leave at noon.")
    await ingest(db, local, [tmp_path])
    await publish_edition(db, local, 0)
    published = 0
    async with (
        asyncio.timeout(60),
        serving_openai() as openai,
        models(openai, local) as working,
        models(openai, local) as callers,
        asking_on(db, callers) as asking,
    ):

        async def publish_another(_: float) -> None:
            nonlocal published
            published += 1
            await publish_edition(db, working, published)
            await asking.once_more()

        await keep_indexes(db, working, for_s=60, rest=publish_another)
        await publish_another(0.0)
        while not all(told and told[-1].index == SMALL for told in asking.told):
            await asking.once_more()
    assert published > 2
    for told in asking.told:
        indexes = [one.index for one in told]
        assert indexes == sorted(indexes), "first the one, then the other, and never words alone"
        assert set(indexes) == {LOCAL, SMALL}


async def test_killed_in_the_middle_of_publishing_the_old_text_stays(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    before = await publish_edition(db, embedder, 0)
    await draft_article(db, edition(1), written_by="test")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        # searches go on; who publishes has written the article by then and waits to write its title
        await blocker.execute("lock table title_terms in share mode")
        process = await start_kb(database.url, tmp_path, "publish", "light")

        async def waits() -> bool:
            found = await blocker.execute("select from pg_locks where not granted")
            return bool(await found.fetchall())

        await eventually_async(waits, within_s=30, what="publishing waits in the middle")
        process.kill()
        await process.communicate()
        assert (await heard(db, embedder))[:2] == (before, 0)
    assert (await heard(db, embedder))[:2] == (before, 0)
    assert [draft.is_current for draft in await list_drafts(db)] == [True]

    published = await publish(db, embedder, "light", written_by="test")
    assert (await heard(db, embedder))[:2] == (published.version, 1)
