"""The pages that a sitemap lists, with those of the sitemaps it names."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from insta_voice.errors import InvalidInputError, OutgoingError
from insta_voice.knowledge.web.addresses import page_address, place_of
from insta_voice.knowledge.web.reasons import reason_of
from insta_voice.knowledge.web.sitemaps import MAX_BYTES, parse_sitemap
from insta_voice.knowledge.web.visiting import Visitor

MAX_SITEMAPS: Final = 50  # of one source; those that are read, not those that are named
MAX_LISTED: Final = 50_000  # ten times the articles of the largest help centres


@dataclass(slots=True)
class Listing:
    """What was found. `place` is the host of the sitemap after redirects; None when it could not be read."""

    place: str | None = None
    pages: dict[str, None] = field(default_factory=dict)
    failed: list[tuple[str, str]] = field(default_factory=list)


async def list_pages(visitor: Visitor, url: str) -> Listing:
    """Everything that the sitemap at `url` lists of its own host. A sitemap may speak for no other."""
    listing = Listing()
    waiting, seen = [url], {url}
    asked = elsewhere = 0
    while waiting:
        here = waiting.pop(0)
        asked += 1
        if len(listing.pages) > MAX_LISTED or asked > MAX_SITEMAPS:
            listing.failed.append((here, "Left out, with what comes after it: the sitemap names too much."))
            break
        try:
            visit = await visitor.visit(here, most_bytes=MAX_BYTES)
            if visit.outcome == "gone":
                raise InvalidInputError("There is no sitemap.")
            found = await asyncio.to_thread(parse_sitemap, visit.content)
        except (InvalidInputError, OutgoingError) as error:
            listing.failed.append((here, reason_of(error)))
            continue
        listing.place = listing.place or place_of(visit.url)
        pages, others = _of_place(found.pages, visit.url, listing.place)
        sitemaps, more = _of_place(found.sitemaps, visit.url, listing.place)
        elsewhere += others + more
        listing.pages.update(dict.fromkeys(pages))
        for sitemap in sitemaps:
            if sitemap not in seen and len(seen) <= MAX_SITEMAPS:  # one more than are read: the rest is said
                seen.add(sitemap)
                waiting.append(sitemap)
    if elsewhere:
        listing.failed.append((url, f"Left out {elsewhere} addresses that are of another host or none at all."))
    return listing


def _of_place(texts: tuple[str, ...], url: str, place: str) -> tuple[list[str], int]:
    """The addresses of this host, and how many are not."""
    here = []
    for text in texts:
        try:
            address = page_address(text, url)
        except InvalidInputError:
            continue
        if place_of(address) == place:
            here.append(address)
    return here, len(texts) - len(here)
