"""A source on the web into articles: page by page as they come, so that an ingestion that is killed has lost one."""

from collections import Counter
from typing import Final

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError, OutgoingError
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.formats import DocumentReader
from insta_voice.knowledge.report import Progress, Report
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.versions.writing import Claim, unclaimed
from insta_voice.knowledge.web.addresses import place_of
from insta_voice.knowledge.web.arrivals import Arrivals
from insta_voice.knowledge.web.frontier import Frontier, Next
from insta_voice.knowledge.web.listing import list_pages
from insta_voice.knowledge.web.pages import Pages
from insta_voice.knowledge.web.reasons import reason_of
from insta_voice.knowledge.web.source import WebSource
from insta_voice.knowledge.web.visiting import NotAllowedError, Validators, Visit, Visitor

_MOST_OF_ONE: Final = 2  # a site of three pages may well be one, and its copies for print and for phones


async def ingest_web(
    db: Database,
    embedder: Embedder,
    source: WebSource,
    visitor: Visitor,
    *,
    progress: Progress | None = None,
    claim: Claim = unclaimed,
) -> Report:
    """Make the stored articles of `source` what its pages say.

    A page that is gone (404, 410), or has moved for good, takes its articles with it; one that cannot be read for
    another reason keeps them. Where no page could be read nothing is removed: then it is the site that is away.
    `claim` is asked in every transaction that writes whether it still may; what it raises ends the ingestion.
    """
    pages = Pages(db, source.audience, claim)
    async with DocumentReader() as reader:
        arrivals = Arrivals(source, pages, Taking(Store(db, embedder), claim), reader)
        return await _Run(source, visitor, pages, arrivals, progress or (lambda done, total, name: None)).whole()


class _Run:
    """One ingestion of a source, from its first page to what is removed at the end."""

    def __init__(
        self, source: WebSource, visitor: Visitor, pages: Pages, arrivals: Arrivals, progress: Progress
    ) -> None:
        self._source = source
        self._visitor = visitor
        self._pages = pages
        self._arrivals = arrivals
        self._progress = progress
        self._frontier = Frontier(source.bounds)
        self._known: list[str] = []
        self._gone: set[str] = set()
        self._moved: dict[str, str] = {}

    async def whole(self) -> Report:
        taking = self._arrivals.taking
        await taking.store.prepare()
        self._known = await self._pages.of_source(self._source.url)
        if await self._begin():
            await self._go_on()
        return taking.report(removed=self._arrivals.replaced + await self._remove())

    async def _begin(self) -> bool:
        """Put the first pages on the frontier; whether there is anything to go on with."""
        if self._source.kind != "sitemap":
            self._frontier.add([self._source.url], "named")
            return True
        listing = await list_pages(self._visitor, self._source.url)
        for place, reason in listing.failed:
            self._arrivals.taking.fail(place, reason)
        self._frontier.place = listing.place
        self._frontier.add(listing.pages, "listed")
        return listing.place is not None

    async def _go_on(self) -> None:
        while (page := self._frontier.next() or self._next_known()) is not None:
            done = self._frontier.given - 1
            self._progress(done, done + 1 + self._frontier.left, page.url)
            await self._look_at(page)
        self._progress(self._frontier.given, self._frontier.given, "")
        if self._frontier.left:
            reason = f"{self._frontier.left} more pages were left out: it may have {self._source.bounds.max_pages}."
            self._arrivals.taking.fail(self._source.url, reason)

    def _next_known(self) -> Next | None:
        """Pages that brought articles earlier and that nothing names any more are asked too whether they are there."""
        self._frontier.add(self._known, "known")
        return self._frontier.next()

    async def _look_at(self, page: Next) -> None:
        try:
            visit = await self._visitor.visit(page.url, known=self._validators)
        except NotAllowedError as error:
            if page.how != "linked":  # a site has many links to what is not for crawlers
                self._arrivals.taking.fail(page.url, error.message)
        except (InvalidInputError, OutgoingError) as error:
            self._arrivals.taking.fail(page.url, reason_of(error))
        else:
            await self._arrive(page, visit)

    async def _validators(self, url: str) -> Validators:
        return (await self._pages.known(url)).validators

    async def _arrive(self, page: Next, visit: Visit) -> None:
        if visit.outcome == "gone":
            await self._note_gone(page, visit)
            return
        if page.how == "named":
            self._frontier.place = place_of(visit.url)
        if visit.url != page.url and not await self._may_follow(page, visit):
            return
        links = await self._arrivals.take(visit, wanted=self._source.wants(visit.url))
        if self._source.kind == "crawl":
            self._frontier.follow(links, page)

    async def _may_follow(self, page: Next, visit: Visit) -> bool:
        """Whether the page that a redirect led to is to be read in the place of the one that was asked for."""
        if not self._frontier.is_here(visit.url):
            self._arrivals.taking.fail(page.url, f"It leads to another host: {visit.url}")
            return False
        if await self._pages.articles(page.url):
            if not visit.moved:
                self._arrivals.taking.fail(page.url, f"For now it leads elsewhere: {visit.url}")
                return False
            self._moved[page.url] = visit.url
        if visit.url in self._frontier.seen:
            return False
        self._frontier.seen.add(visit.url)
        return page.how == "named" or self._source.wants(visit.url)

    async def _note_gone(self, page: Next, visit: Visit) -> None:
        """A redirect that is for now says nothing of the page that was asked for, and one to another host nothing of
        what is known from there: another source may have brought it. A link to what never was an article is a mistake
        of the page that has it, and no failure to read the source.
        """
        if page.how == "linked" and not await self._pages.articles(page.url):
            self._arrivals.taking.missing.append(page.url)
            return
        asked = page.url
        if visit.url != asked and not visit.moved:
            self._arrivals.taking.fail(asked, f"For now it leads elsewhere: {visit.url}")
            return
        gone = {asked, visit.url} if place_of(visit.url) == place_of(asked) else {asked}
        self._gone |= gone
        if not any([await self._pages.articles(url) for url in gone]):
            self._arrivals.taking.fail(asked, "There is no such page.")

    async def _remove(self) -> int:
        """Remove what is gone, has moved, or is not wanted any more; how many articles.

        Where nothing at all could be read nothing is: a whole site is missing for a mistake, as a rule. A page that
        the operator named itself is believed.
        """
        if not self._arrivals.came and self._source.kind != "page":
            if self._gone:
                reason = "None of its pages could be read: nothing is removed."
                self._arrivals.taking.fail(self._source.url, reason)
            return 0
        moved = {asked for asked, found in self._moved.items() if found in self._arrivals.stored}
        unwanted = {url for url in self._known if not self._source.wants(url)}
        gone = (self._gone | moved | unwanted) - self._arrivals.stored
        left = 0
        for url, address in self._others(gone).items():
            left += await self._pages.leave(url, to=address)
        return left + await self._pages.remove(gone)

    def _others(self, gone: set[str]) -> dict[str, str]:
        """The pages whose articles go because they are those of another address, which stays. Where so many name one
        that it can only be a mistake in the site's template, none of them does.
        """
        others = {url: address for url, address in self._arrivals.others.items() if address not in gone}
        for address, count in Counter(others.values()).items():
            if count > _MOST_OF_ONE and count > len(self._known) / 2:
                others = {url: named for url, named in others.items() if named != address}
                reason = f"{count} pages say that their address is {address}: none of their articles is removed."
                self._arrivals.taking.fail(self._source.url, reason)
        return others
