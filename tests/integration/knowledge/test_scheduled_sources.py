"""Sources that are read again by themselves: each when it is due, and whatever becomes of one, the others are too."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from tests.support.misbehaving import Misbehaviour
from tests.support.poll import eventually_async
from tests.support.website import Page, Site, html, serving_site, sitemap, visitor, xml

from insta_voice.db import Database
from insta_voice.errors import DBDriverError, EmbeddingError, InstaVoiceError, NotFoundError
from insta_voice.jobs import tasks
from insta_voice.knowledge import LocalEmbedder, ingest_web, list_articles
from insta_voice.knowledge.embedders import as_embedders
from insta_voice.knowledge.report import Failure, Report
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.web import (
    Bounds,
    Reading,
    WebSource,
    claim_due_source,
    claim_source,
    list_scheduled,
    refresh,
    schedule,
    unschedule,
)
from insta_voice.knowledge.web.claims import ClaimLostError

DAY = timedelta(days=1)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    pages = {
        "/reset": html("Reset your password", "Choose forgot password on the sign-in page.", etag='"1"'),
        "/refund": html("Refunds", "We refund annual plans within thirty days of payment."),
    }
    async with serving_site(pages) as made:
        yield made


class Away:
    """A model that is known, and away for as long as it takes to give up, while something else is done."""

    def __init__(self, embedder: LocalEmbedder, meanwhile: Callable[[], Awaitable[object]] | None = None) -> None:
        self.model, self.dimensions = embedder.model, None
        self._meanwhile = meanwhile

    async def embed(self, texts: object) -> list[list[float]]:
        if self._meanwhile is not None:
            await self._meanwhile()
        raise EmbeddingError


class Broken:
    """A model that cannot deal with one page, for a defect of ours."""

    def __init__(self, embedder: LocalEmbedder) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self._embedder = embedder

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if any("forgot password" in text for text in texts):
            raise RuntimeError
        return await self._embedder.embed(texts)


def page_of(site: Site, path: str) -> Page:
    page = site.pages[path]
    assert isinstance(page, Page)
    return page


def meanwhile(act: Callable[[], Awaitable[object]], page: Page) -> Misbehaviour:
    """A page that is sent when `act` is done."""

    async def send(writer: asyncio.StreamWriter) -> None:
        await act()
        writer.write(page.answer({}))
        await writer.drain()

    return send


async def make_due(db: Database, url: str) -> None:
    async with db.as_service() as connection:
        await connection.execute("update knowledge_sources set due_at = now() where url = %s", (url,))


async def test_a_source_is_kept_as_it_was_named(db: Database) -> None:
    bounds = Bounds(("/help/*",), ("*/print",), 2, 50)
    source = WebSource.of("https://help.example/", "crawl", bounds, ["staff"])
    await schedule(db, source, DAY)
    [kept] = await list_scheduled(db)
    assert (kept.source, kept.refresh_every, kept.read_at, kept.report) == (source, DAY, None, None)
    await schedule(db, WebSource.of("https://help.example/", "page"), 2 * DAY)
    [kept] = await list_scheduled(db)
    assert (kept.source.kind, kept.source.audience, kept.refresh_every) == ("page", ("everyone",), 2 * DAY)


async def test_what_is_due_is_read_once_and_its_report_kept(db: Database, embedder: LocalEmbedder, site: Site) -> None:
    site.pages["/map"] = xml(sitemap(site.url("/reset"), site.url("/gone")))
    source = WebSource.of(site.url("/map"), "sitemap")
    await schedule(db, source, DAY)
    due = await claim_due_source(db)
    assert due is not None
    assert (await refresh(db, embedder, due, visitor(site))).added == 1
    [kept] = await list_scheduled(db)
    assert kept.read_at is not None
    assert kept.due_at - kept.read_at == DAY
    assert kept.report == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "failed": [{"place": site.url("/gone"), "reason": "There is no such page."}],
        "edits_kept": [],
        "edits_replaced": [],
        "missing": [],
        "taken_over": [],
    }
    assert await claim_due_source(db) is None


async def test_the_job_reads_everything_that_is_due_and_what_cannot_be_again_later(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    for path in ("/reset", "/refund"):
        await schedule(db, WebSource.of(site.url(path)), DAY)
    await tasks.refresh_sources(db, None, visitor(site))
    assert site.asked == [], "a worker without a model leaves it to others"
    await tasks.refresh_sources(db, as_embedders(Away(embedder)), visitor(site))
    assert await claim_due_source(db) is None
    assert [one.trouble for one in await list_scheduled(db)] == [EmbeddingError().message] * 2
    for one in await list_scheduled(db):
        await make_due(db, one.source.url)
    await tasks.refresh_sources(db, as_embedders(embedder), visitor(site))
    assert [one.trouble for one in await list_scheduled(db)] == [None, None]
    assert {article.article_id for article in await list_articles(db)} == {site.url("/refund"), site.url("/reset")}
    site.forget()
    await tasks.refresh_sources(db, as_embedders(embedder), visitor(site))
    assert site.asked == [], "nothing is due"


async def test_a_source_that_is_removed_takes_its_articles_with_it(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    source = WebSource.of(site.url("/reset"))
    await schedule(db, source, DAY)
    await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    assert await unschedule(db, source.url) == 1
    assert await list_articles(db) == []
    with pytest.raises(NotFoundError, match="is not on the list"):
        await unschedule(db, source.url)


async def test_what_breaks_at_one_source_keeps_no_other_from_being_read(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    for path in ("/reset", "/refund"):  # due in this order
        await schedule(db, WebSource.of(site.url(path)), DAY)
    await tasks.refresh_sources(db, as_embedders(Broken(embedder)), visitor(site))
    assert site.paths == ["/reset", "/refund"], "each once"
    assert [article.article_id for article in await list_articles(db)] == [site.url("/refund")]
    refund, reset = await list_scheduled(db)
    assert (refund.trouble, reset.trouble) == (None, InstaVoiceError().message)


async def test_a_source_that_is_being_read_is_not_read_beside_it(db: Database, site: Site) -> None:
    """Nor at once by whoever comes after a worker that was killed."""
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    assert await claim_due_source(db) is not None
    assert await claim_due_source(db) is None


async def test_a_reading_says_how_far_it_is_and_keeps_its_claim(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    page = page_of(site, "/refund")
    site.pages["/map"] = xml(sitemap(site.url("/reset"), site.url("/refund")))
    source = WebSource.of(site.url("/map"), "sitemap")
    await schedule(db, source, DAY)
    claimed = await claim_source(db, source.url)
    assert [one.reading for one in await list_scheduled(db)] == [None], "nothing is known yet"

    async def its_claim_runs_out_and_is_renewed() -> None:
        await make_due(db, source.url)

        async def is_renewed() -> bool:
            [one] = await list_scheduled(db)
            return one.reading == Reading(1, 2)

        await eventually_async(is_renewed, within_s=10, what="the list says how far the reading is")
        assert await claim_due_source(db) is None

    site.pages["/refund"] = meanwhile(its_claim_runs_out_and_is_renewed, page)
    await refresh(db, embedder, claimed, visitor(site), beat_s=0.01)
    [one] = await list_scheduled(db)
    assert (one.reading, one.claimed_at, one.report and one.report["added"]) == (None, None, 2)


async def test_who_has_lost_a_claim_leaves_it_to_whoever_has_it(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    source = WebSource.of(site.url("/reset"))
    page = page_of(site, "/reset")
    await schedule(db, source, DAY)
    lost = await claim_source(db, source.url)
    kept = []

    async def another_claims_it() -> None:
        kept.append(await claim_source(db, source.url))

    site.pages["/reset"] = meanwhile(another_claims_it, page)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, lost, visitor(site), beat_s=0.001)
    [one] = await list_scheduled(db)
    assert (one.claimed_at, one.due_at, one.trouble) == (kept[0].claimed_at, kept[0].due_at, None)
    assert await list_articles(db) == [], "it stores nothing any more"


async def test_who_has_lost_a_claim_takes_nothing_over(db: Database, embedder: LocalEmbedder, site: Site) -> None:
    """A page that another source brought stays with that, also where it is as it was."""
    page = page_of(site, "/reset")
    alone = WebSource.of(site.url("/reset"))
    await ingest_web(db, embedder, alone, visitor(site))
    source = WebSource.of(site.url("/map"), "sitemap")
    site.pages |= {
        "/map": xml(sitemap(site.url("/reset"))),
        "/reset": meanwhile(lambda: claim_source(db, source.url), page),
    }
    await schedule(db, source, DAY)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    await unschedule(db, source.url)
    assert [article.article_id for article in await list_articles(db)] == [alone.url]


async def test_who_has_lost_a_claim_removes_nothing(db: Database, embedder: LocalEmbedder, site: Site) -> None:
    source = WebSource.of(site.url("/reset"))
    await schedule(db, source, DAY)
    await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    site.pages["/reset"] = meanwhile(lambda: claim_source(db, source.url), Page(status=404))
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    assert [article.article_id for article in await list_articles(db)] == [source.url]


async def test_a_source_that_is_changed_while_it_is_read_is_read_again_at_once(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    changed = WebSource.of(site.url("/reset"), audience=["staff"])
    page = page_of(site, "/reset")
    site.pages["/reset"] = meanwhile(lambda: schedule(db, changed, DAY), page)
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    first = await claim_source(db, changed.url)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, first, visitor(site))
    due = await claim_due_source(db)
    assert due is not None
    assert due.source == changed


async def test_what_is_changed_while_it_is_read_stays_as_it_was_changed(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    changed = WebSource.of(site.url("/reset"), "crawl", Bounds(("/re*",), ("*/print",), 1, 7), ["staff"])
    page = page_of(site, "/reset")
    site.pages["/reset"] = meanwhile(lambda: schedule(db, changed, 2 * DAY), page)
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, await claim_source(db, changed.url), visitor(site))
    site.pages["/reset"] = page
    [kept] = await list_scheduled(db)
    assert (kept.source, kept.refresh_every) == (changed, 2 * DAY)
    await refresh(db, embedder, await claim_source(db, changed.url), visitor(site))
    [read] = await list_scheduled(db)
    assert read.read_at is not None
    assert read.due_at - read.read_at == 2 * DAY
    assert [article.audience for article in await list_articles(db)] == [("staff",)]


async def test_how_often_a_source_is_read_may_be_changed_while_it_is_read(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    source = WebSource.of(site.url("/reset"))
    page = page_of(site, "/reset")
    site.pages["/reset"] = meanwhile(lambda: schedule(db, source, 2 * DAY), page)
    await schedule(db, source, DAY)
    assert (await refresh(db, embedder, await claim_source(db, source.url), visitor(site))).added == 1
    [read] = await list_scheduled(db)
    assert read.read_at is not None
    assert read.due_at - read.read_at == 2 * DAY
    await schedule(db, source, DAY)
    assert await claim_due_source(db) is not None, "nobody reads it: it is due at once"


async def test_what_is_changed_while_its_reading_breaks_off_is_read_at_once(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    changed = WebSource.of(site.url("/reset"), audience=["staff"])
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    claimed = await claim_source(db, changed.url)
    with pytest.raises(EmbeddingError):
        await refresh(db, Away(embedder, meanwhile=lambda: schedule(db, changed, 2 * DAY)), claimed, visitor(site))
    due = await claim_due_source(db)
    assert due is not None
    assert (due.source, due.refresh_every, due.trouble) == (changed, 2 * DAY, EmbeddingError().message)


async def test_a_reading_that_ends_after_that_of_the_changed_source_has_not_the_last_word(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    changed = WebSource.of(site.url("/reset"), audience=["staff"])
    page = page_of(site, "/reset")

    async def change_and_read() -> None:
        site.pages["/reset"] = page
        await schedule(db, changed, DAY)
        await refresh(db, embedder, await claim_source(db, changed.url), visitor(site))

    site.pages["/reset"] = meanwhile(change_and_read, page)
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, await claim_source(db, changed.url), visitor(site))
    assert [article.audience for article in await list_articles(db)] == [("staff",)]
    assert await claim_due_source(db) is None


async def test_a_reading_of_the_changed_source_that_ends_after_the_older_one_has_the_last_word(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    changed = WebSource.of(site.url("/reset"), audience=["staff"])
    await schedule(db, WebSource.of(site.url("/reset")), DAY)
    older = await claim_source(db, changed.url)
    await schedule(db, changed, DAY)
    newer = await claim_source(db, changed.url)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, older, visitor(site))
    await refresh(db, embedder, newer, visitor(site))
    assert [article.audience for article in await list_articles(db)] == [("staff",)]
    assert await claim_due_source(db) is None


async def test_a_source_that_is_removed_while_it_is_read_leaves_nothing(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    source = WebSource.of(site.url("/reset"))
    page = page_of(site, "/reset")
    site.pages["/reset"] = meanwhile(lambda: unschedule(db, source.url), page)
    await schedule(db, source, DAY)
    with pytest.raises(ClaimLostError):
        await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    assert await list_articles(db) == []
    async with db.as_service() as connection:
        assert await (await connection.execute("select url from knowledge_pages")).fetchall() == []


async def test_what_is_ingested_after_a_source_was_removed_stays(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    """Although a reading of the source had begun before."""
    source = WebSource.of(site.url("/reset"))
    page = page_of(site, "/reset")

    async def remove_and_ingest() -> None:
        site.pages["/reset"] = page
        await unschedule(db, source.url)
        await ingest_web(db, embedder, source, visitor(site))

    site.pages["/reset"] = meanwhile(remove_and_ingest, page)
    await schedule(db, source, DAY)
    await tasks.refresh_sources(db, as_embedders(embedder), visitor(site))
    assert [article.article_id for article in await list_articles(db)] == [source.url]


async def test_a_report_that_cannot_be_noted_is_trouble_and_the_source_is_left_alone_for_a_while(
    db: Database, embedder: LocalEmbedder, site: Site
) -> None:
    source = WebSource.of(site.url("/reset"))
    await schedule(db, source, timedelta(days=2 * 10**8))  # its next time is after the end of Postgres' calendar
    with pytest.raises(DBDriverError) as refused:
        await refresh(db, embedder, await claim_source(db, source.url), visitor(site))
    [kept] = await list_scheduled(db)
    assert (kept.trouble, kept.claimed_at) == (refused.value.message, None)
    assert await claim_due_source(db) is None


async def test_a_report_has_only_what_a_row_can_have(db: Database, embedder: LocalEmbedder) -> None:
    taking = Taking(Store(db, embedder))
    taking.fail("/a\0", "There is no \udcff.")
    taking.missing.append("/b\ud800")
    failed = Failure("/a\ufffd", "There is no \ufffd.")
    assert taking.report(removed=0) == Report(failed=(failed,), missing=("/b\ufffd",))
