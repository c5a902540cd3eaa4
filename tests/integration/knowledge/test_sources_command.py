"""`insta-voice kb sources` as it is typed: what may be put on the list, and what the list says of it."""

import asyncio
import json
from datetime import timedelta

import pytest
from tests.support.kb import Kb
from tests.support.website import html, serving_site, sitemap, visitor, xml

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.web import WebSource, claim_source, list_scheduled, refresh, schedule


async def test_what_may_never_be_read_is_not_put_on_the_list(kb: Kb, db: Database) -> None:
    done = await kb("sources", "add", "http://127.0.0.1/")
    assert (done.code, done.out) == (1, "")
    assert "http://127.0.0.1/: It was not read: it leads to a private address." in done.err
    assert await list_scheduled(db) == []


async def test_what_is_allowed_may_be_put_there(kb: Kb, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_ALLOW_HOSTS", "127.0.0.1:8081")
    done = await kb("sources", "add", "--every", "12h", "http://127.0.0.1:8081/map.xml")
    assert (done.code, done.out) == (0, "http://127.0.0.1:8081/map.xml (sitemap) is read every 12h.\n")
    [kept] = await list_scheduled(db)
    assert (kept.source.kind, kept.refresh_every) == ("sitemap", timedelta(hours=12))


async def test_the_list_says_why_a_source_failed(kb: Kb, db: Database, embedder: LocalEmbedder) -> None:
    async with serving_site({"/reset": html("Reset your password", "Choose forgot password.")}) as site:
        missing = [site.url("/gone"), site.url("/lost")]
        site.pages["/map"] = xml(sitemap(site.url("/reset"), *missing))
        source = WebSource.of(site.url("/map"), "sitemap")
        await schedule(db, source, timedelta(days=1))
        await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    listed, told = await asyncio.gather(kb("sources", "list"), kb("sources", "list", "--json"))
    last = f"1 added, 0 changed, 0 unchanged, 0 removed, 2 failed. {missing[0]}: There is no such page."
    assert listed.out.rstrip("\n").split("\t")[-1] == last
    [one] = json.loads(told.out)
    assert one["report"]["failed"] == [{"place": url, "reason": "There is no such page."} for url in missing]
