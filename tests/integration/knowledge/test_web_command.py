"""`insta-voice kb ingest URL` as it is typed: what it prints, what it exits with, and whom it asks."""

import json
from datetime import timedelta

import psycopg
import pytest
from tests.support.kb import Kb
from tests.support.postgres import TestDatabase
from tests.support.website import html, serving_site, sitemap, xml

from insta_voice.db import Database
from insta_voice.knowledge import WebSource, list_articles
from insta_voice.knowledge.web import claim_source, schedule


async def test_a_sitemap_on_the_command_line(kb: Kb, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    page = html("Reset your password", "Choose forgot password on the sign-in page.", etag='"1"')
    async with serving_site({"/reset": page}) as site:
        monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", site.place)
        site.pages["/sitemap.xml"] = xml(sitemap(site.url("/reset"), site.url("/gone")))
        arguments = ("ingest", site.url("/sitemap.xml"), "--audience", "staff")
        done = await kb(*arguments)
        assert (done.code, done.out) == (1, "1 added, 0 changed, 0 unchanged, 0 removed, 1 failed.\n")
        assert done.err == f"  {site.url('/gone')}: There is no such page.\n"
        [article] = await list_articles(db)
        assert (article.article_id, article.audience) == (site.url("/reset"), ("staff",))
        again = await kb(*arguments, "--exclude", "/gone", "--json")
        told = json.loads(again.out)
        assert (again.code, told["added"], told["unchanged"], told["failed"]) == (0, 0, 1, [])


async def test_what_came_from_an_address_is_taken_out_by_it(
    kb: Kb, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {f"/{name}": html(name, "Text.", etag='"1"') for name in ("first", "second", "third")}
    async with serving_site(pages) as site:
        monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", site.place)
        site.pages["/map.xml"] = xml(sitemap(site.url("/first"), site.url("/second")))
        await kb("ingest", site.url("/map.xml"), site.url("/third"))
        listed = await kb("sources", "remove", site.url("/map.xml"))
        assert listed.err == (
            f"insta-voice: {site.url('/map.xml')} is not on the list. What `kb ingest` brought from there, "
            f"`insta-voice kb remove --from {site.url('/map.xml')}` takes out.\n"
        )
        assert (await kb("remove", "--from", site.url("/map.xml"))).out == "2 removed.\n"
        assert [article.title for article in await list_articles(db)] == ["third"]
        await schedule(db, WebSource.of(site.url("/third")), timedelta(days=1))
        page = await kb("remove", "--from", site.url("/third#top"))
        assert (page.code, page.out) == (0, "1 removed.\n")
        assert page.err == (
            "It is read again by itself and brings them back: "
            f"`insta-voice kb sources remove {site.url('/third')}` ends that.\n"
        )
        again = await kb("ingest", site.url("/map.xml"))
        assert again.out.startswith("2 added"), "nothing is known of its pages any more"


async def test_a_dead_link_is_said_and_is_no_failure(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_site({"/": html("Help", "Everything about your account.", "/dead")}) as site:
        monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", site.place)
        done = await kb("ingest", "--crawl", site.url())
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"1 added, 0 changed, 0 unchanged, 0 removed, 0 failed.\nLinked to, and not there: {site.url('/dead')}.\n"
    )


async def test_a_source_that_breaks_off_takes_no_report_of_the_others_away(
    kb: Kb, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving_site({f"/{name}": html(name, "Text.") for name in ("first", "second", "third")}) as site:
        monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", site.place)
        async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
            await owner.execute("alter table knowledge_pages add check (url not like '%/second')")
        done = await kb("ingest", *(site.url(f"/{name}") for name in ("first", "second", "third")))
    assert (done.code, done.out) == (1, "2 added, 0 changed, 0 unchanged, 0 removed, 1 failed.\n")
    assert done.err.startswith(f"  {site.url('/second')}: The database does not take these values.")


async def test_the_list_shows_how_far_a_reading_is(kb: Kb, db: Database) -> None:
    source = WebSource.of("https://help.example/sitemap.xml")
    await schedule(db, source, timedelta(hours=12))
    await claim_source(db, source.url)
    async with db.as_service() as connection:
        await connection.execute("update knowledge_sources set pages_done = 120, pages_total = 400")
    [told] = (await kb("sources", "list")).out.splitlines()
    assert told.split("\t") == [source.url, "sitemap", "12h", "not yet", "reading: 120 of 400 pages"]
    [as_json] = json.loads((await kb("sources", "list", "--json")).out)
    assert as_json["reading"] == {"done": 120, "total": 400}


async def test_this_machine_is_not_read_unless_it_is_allowed(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_site({"/": html("Inside", "Secret.")}) as site:
        monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", "127.0.0.1")
        done = await kb("ingest", site.url())
        assert (done.code, done.out) == (1, "0 added, 0 changed, 0 unchanged, 0 removed, 1 failed.\n")
        assert "is not asked, but for places in KNOWLEDGE_ALLOW_HOSTS" in done.err
        assert site.asked == []
