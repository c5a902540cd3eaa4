"""Promise 4, for the longest of the jobs: a worker that is killed while it fills an index loses a batch, and another
finishes the rest, which no provider is asked for again.
"""

from pathlib import Path

from tests.support.indexes import LOCAL, SMALL, Kept, states
from tests.support.jobs_process import jobs_process, ready
from tests.support.knowledge import write_article
from tests.support.openai import Late, serving_openai
from tests.support.poll import eventually_async

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.voice.local.text_vectors import TextVectors

ARTICLES = 20  # three batches


async def test_a_worker_that_is_killed_loses_a_batch(db: Database, database_url: str, tmp_path: Path) -> None:
    model = LocalEmbedder(TextVectors())
    for number in range(ARTICLES):
        write_article(tmp_path / "articles", f"a{number}", f"Article {number}", f"It is about {number}. It is short.")
    await ingest(db, Kept(model), [tmp_path / "articles"])
    await model.aclose()
    log, killed, second = tmp_path / "log", tmp_path / "killed", tmp_path / "second"
    killed.mkdir()
    second.mkdir()

    async with serving_openai() as openai:
        openai.fail("embeddings", None, Late(by_s=60))
        variables = {"KNOWLEDGE_EMBEDDINGS": "openai", **openai.settings}
        async with jobs_process(database_url, killed, log, **variables) as (process, notify):
            await ready(notify)
            lost = (await openai.until_asked("/embeddings", 2))["input"]
            process.kill()
            await process.wait()
        assert (await states(db))[SMALL] == ("filling", 8)
        async with db.as_service() as connection:  # nobody has heard of it for a while
            await connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
        async with jobs_process(database_url, second, log, **variables):

            async def in_use() -> bool:
                return (await states(db))[SMALL] == ("in use", ARTICLES)

            # within 15 s it looks for what lost its worker
            await eventually_async(in_use, within_s=60, what="another worker finishes the index")
        texts = [text for body in openai.asked("/embeddings") for text in body["input"]]
    assert (await states(db))[LOCAL] == ("ready", ARTICLES)
    for text in lost:
        texts.remove(text)
    passages = [text for text in texts if text.startswith("Article ")]
    assert len(passages) == len(set(passages)) == ARTICLES
