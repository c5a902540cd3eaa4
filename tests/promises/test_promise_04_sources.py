"""Promise 4, for the reading of a website: a worker that is killed in the middle loses the page in flight, and another
goes on, which downloads nothing again that its server says is as it was.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.jobs_process import jobs_process, ready
from tests.support.misbehaving import silence
from tests.support.openai import serving_openai
from tests.support.poll import eventually_async
from tests.support.website import Site, html, serving_site, sitemap, xml

from insta_voice.db import Database
from insta_voice.knowledge import WebSource, list_articles
from insta_voice.knowledge.web import Reading, ScheduledSource, list_scheduled, schedule

PAGES, LOST = 12, 6  # a second each, with the pauses that a site is given


def pages_of(site: Site) -> list[str]:
    """Every second one is of a server that knows what has changed."""
    paths = [f"/page-{number}" for number in range(PAGES)]
    for number, path in enumerate(paths):
        site.pages[path] = html(f"Page {number}", f"It is about {number}.", etag=f'"{number}"' if number % 2 else "")
    site.pages["/map.xml"] = xml(sitemap(*(site.url(path) for path in paths)))
    return paths


async def only_source(db: Database) -> ScheduledSource:
    [source] = await list_scheduled(db)
    return source


async def minutes_later(db: Database) -> None:
    """Nobody has heard of the worker for a while, and the source is its own no longer."""
    async with db.as_service() as connection:
        await connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
        await connection.execute("update knowledge_sources set due_at = now()")


@pytest.mark.timeout(240)
async def test_a_reading_that_is_killed_goes_on(db: Database, database_url: str, tmp_path: Path) -> None:
    log, killed, second = tmp_path / "log", tmp_path / "killed", tmp_path / "second"
    killed.mkdir()
    second.mkdir()
    async with serving_site() as site, serving_openai() as openai:
        paths = pages_of(site)
        lost = site.pages[paths[LOST]]
        site.pages[paths[LOST]] = silence
        source = WebSource.of(site.url("/map.xml"))
        variables = {"KNOWLEDGE_EMBEDDINGS": "openai", "KNOWLEDGE_ALLOW_HOSTS": site.place, **openai.settings}
        await schedule(db, source, timedelta(days=1))  # before it starts: it looks once a minute for what is due
        async with jobs_process(database_url, killed, log, **variables) as (process, notify):
            await ready(notify)

            async def says_how_far_it_is() -> bool:
                return (await only_source(db)).reading == Reading(LOST, PAGES)

            await eventually_async(says_how_far_it_is, within_s=100, what="the list says how far the reading is")
            process.kill()
            await process.wait()
        assert site.paths == ["/map.xml", *paths[: LOST + 1]]
        assert len(await list_articles(db)) == LOST
        asked_before = len(openai.asked("/embeddings"))

        site.pages[paths[LOST]] = lost
        site.forget()
        await minutes_later(db)
        assert (await only_source(db)).reading is None
        async with jobs_process(database_url, second, log, **variables):

            async def has_read_it() -> bool:
                return (await only_source(db)).report is not None

            await eventually_async(has_read_it, within_s=100, what="another worker reads the rest")
        report = (await only_source(db)).report
        known = {asked.path for asked in site.asked if "if-none-match" in asked.headers}
        made = [text for body in openai.asked("/embeddings")[asked_before:] for text in body["input"]]
    assert report == {
        **(report or {}), "added": PAGES - LOST, "changed": 0, "unchanged": LOST, "removed": 0, "failed": []
    }  # fmt: skip
    assert known == {path for number, path in enumerate(paths[:LOST]) if number % 2}, "not downloaded again"
    assert sorted(site.paths) == sorted(["/map.xml", *paths]), "each once"
    assert not [text for text in made if any(f"about {number}." in text for number in range(LOST))]
    articles = await list_articles(db)
    assert {article.article_id: article.version for article in articles} == {site.url(path): 1 for path in paths}
