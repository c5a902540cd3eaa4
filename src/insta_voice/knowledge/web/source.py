"""What an operator names as a source on the web, and how far it may be followed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal, Self

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import EVERYONE
from insta_voice.knowledge.fields import audiences
from insta_voice.knowledge.web.addresses import page_address, path_of

Kind = Literal["page", "sitemap", "crawl"]

DEPTH: Final = 3  # help centres: front page, section, article
MAX_PAGES: Final = 500  # at a second each, eight minutes

_SITEMAP_NAME = re.compile(r"\.xml(?:\.gz)?(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which pages a source may have. Patterns are of path and query, or with a scheme of the whole address; * is any
    text.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    depth: int = DEPTH
    max_pages: int = MAX_PAGES

    def wants(self, url: str) -> bool:
        """Whether a page of this address is to become an article."""
        if self.include and not any(_matches(url, pattern) for pattern in self.include):
            return False
        return not any(_matches(url, pattern) for pattern in self.exclude)


@dataclass(frozen=True, slots=True)
class WebSource:
    """One page, the pages of a sitemap, or what is linked from a page of the same host. `url` is its name, `audience`
    who may hear its articles.
    """

    url: str
    kind: Kind
    bounds: Bounds = field(default_factory=Bounds)
    audience: tuple[str, ...] = EVERYONE

    @classmethod
    def of(
        cls, url: str, kind: Kind | None = None, bounds: Bounds | None = None, audience: Sequence[str] = EVERYONE
    ) -> Self:
        """The source that `url` names; without a kind a sitemap where the name says so, else one page."""
        try:
            address = page_address(url)
        except InvalidInputError as error:
            raise InvalidInputError(f"{url}: {error.message}") from None
        guessed: Kind = "sitemap" if _SITEMAP_NAME.search(path_of(address)) else "page"
        return cls(address, kind or guessed, bounds or Bounds(), audiences(audience))

    def wants(self, url: str) -> bool:
        """Whether a page of this address is to become an article; the one page that is named always is."""
        return self.kind == "page" or self.bounds.wants(url)


def _matches(url: str, pattern: str) -> bool:
    return fnmatchcase(url if "://" in pattern else path_of(url), pattern)
