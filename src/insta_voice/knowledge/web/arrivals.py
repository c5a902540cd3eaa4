"""A page that answered, into its articles: read, or kept as it is."""

import asyncio
from collections.abc import Sequence

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.formats import DocumentReader, Kind
from insta_voice.knowledge.store import KnownArticle
from insta_voice.knowledge.taking import Taking
from insta_voice.knowledge.versions.writing import Origin
from insta_voice.knowledge.web.contents import as_unicode, kind_of_page, read_articles
from insta_voice.knowledge.web.links import PageLinks, read_links
from insta_voice.knowledge.web.pages import Pages
from insta_voice.knowledge.web.source import WebSource
from insta_voice.knowledge.web.visiting import Visit


class Arrivals:
    """The pages of one ingestion that came.

    `came` says whether there was any, `stored` those whose articles are as they say, `replaced` how many articles went
    because their page is there without them, and `others` which pages with articles of their own say that they are the
    page of another address, and which.
    """

    def __init__(self, source: WebSource, pages: Pages, taking: Taking, reader: DocumentReader) -> None:
        self.taking = taking
        self.came = False
        self.stored: set[str] = set()
        self.replaced = 0
        self.others: dict[str, str] = {}
        self._source = source
        self._pages = pages
        self._reader = reader
        self._read_ids: set[str] = set()

    async def take(self, visit: Visit, *, wanted: bool) -> Sequence[str]:
        """Store what a page says, if it is wanted for more than its links; those links."""
        self.came = True
        if visit.outcome == "unchanged":
            if wanted:
                await self._keep(visit)
            return (await self._pages.known(visit.url)).links
        try:
            kind = kind_of_page(visit, may_be_list=self._source.kind == "page")
        except InvalidInputError as error:
            self.taking.fail(visit.url, error.message)
            return ()
        links = await asyncio.to_thread(_links, visit, kind)
        if wanted:
            await self._read(visit, kind, links)
        return links.pages

    async def _keep(self, visit: Visit) -> None:
        ids = await self._pages.articles(visit.url)
        for article_id, article in (await self.taking.store.known(ids)).items():
            self._read_ids.add(article_id)
            await self.taking.keep(article, self._origin(visit.url, article), place=visit.url)
        self.stored.add(visit.url)

    async def _read(self, visit: Visit, kind: Kind, links: PageLinks) -> None:
        address = links.canonical or visit.url
        if address != visit.url and await self._is_there(address):
            if await self._pages.articles(visit.url):
                self.others[visit.url] = address
            return
        self._read_ids.add(address)
        try:
            parts = await read_articles(self._reader, visit, kind, address=address, audience=self._source.audience)
        except InvalidInputError as error:
            self.taking.fail(visit.url, error.message)
            return
        known = await self.taking.store.known([_id_of(part.document) for part in parts if part.document])
        taken = []
        for part in parts:
            place = visit.url if part.line is None else f"{visit.url}:{part.line}"
            if part.document is None:
                self.taking.fail(place, part.reason)
                continue
            article_id = _id_of(part.document)
            if article_id in taken:
                self.taking.fail(place, f"The id {article_id} is already used on this page.")
                continue
            before = known.get(article_id)
            if await self.taking.take(part.document, before, self._origin(visit.url, before), place=place):
                taken.append(article_id)
        if len(taken) == len(parts):
            self.stored.add(visit.url)
            self.replaced += await self._pages.put(visit.url, visit.validators, links.pages, articles=taken)

    async def _is_there(self, address: str) -> bool:
        """Whether the page of this address is an article already: read in this run, or known as a page of its own. One
        that has said meanwhile that it is another's is none: of two that name each other one stays.
        """
        if address in self.others:
            return False
        known = (await self.taking.store.known([address])).get(address)
        return address in self._read_ids or (known is not None and known.origin.path == address)

    def _origin(self, url: str, before: KnownArticle | None) -> Origin:
        """A page that is named alone stays with the sitemap or the crawl that brought it."""
        if self._source.kind == "page" and before and before.origin.path == url:
            return before.origin
        return Origin(self._source.url, url)


def _links(visit: Visit, kind: Kind) -> PageLinks:
    return read_links(as_unicode(visit, kind), visit.url) if kind is Kind.HTML else PageLinks()


def _id_of(document: Document) -> str:
    """What a document is known by: its page's address, or in a list an id of its own."""
    assert document.external_id is not None
    return document.external_id
