"""Which page comes next: each once, nearest to the start first, and no more than the source may have."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from insta_voice.knowledge.web.addresses import path_of, place_of
from insta_voice.knowledge.web.source import Bounds

How = Literal["named", "listed", "linked", "known"]
"""By the operator, in a sitemap, on another page, or from an earlier time."""

# Links that lead to no text: asking for them would only cost their server.
_NO_TEXT: Final = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp", ".mp3", ".mp4", ".webm", ".mov", ".avi"),
        *(".css", ".js", ".mjs", ".json", ".map", ".woff", ".woff2", ".ttf", ".rss", ".atom", ".ics"),
        *(".zip", ".gz", ".tar", ".tgz", ".7z", ".rar", ".exe", ".msi", ".dmg", ".pkg", ".deb", ".rpm", ".apk", ".iso"),
    }
)
_MOST_SEEN: Final = 100_000  # addresses kept in memory, of a site that makes new ones without end


@dataclass(frozen=True, slots=True)
class Next:
    """A page to look at; `depth` is how many links it is away from the start."""

    url: str
    how: How
    depth: int = 0


class Frontier:
    """The pages still to be looked at, all of one host once that is known; but for those known from before it moved."""

    def __init__(self, bounds: Bounds) -> None:
        self.place: str | None = None
        self.seen: set[str] = set()
        self.given = 0
        self._bounds = bounds
        self._waiting: deque[Next] = deque()

    def add(self, urls: Iterable[str], how: How, depth: int = 0) -> None:
        """Add what is not there yet and is wanted; what the operator named is wanted whatever the patterns say."""
        for url in urls:
            if len(self.seen) >= _MOST_SEEN:
                return
            if url in self.seen or (how != "named" and not self._belongs(url, how)):
                continue
            self.seen.add(url)
            self._waiting.append(Next(url, how, depth))

    def follow(self, links: Iterable[str], of: Next) -> None:
        """Add the links of a page, unless it is as far away as pages may be."""
        if of.how != "known" and of.depth < self._bounds.depth:
            self.add(links, "linked", of.depth + 1)

    def next(self) -> Next | None:
        """The next page; None when there is none or enough have been given."""
        if not self._waiting or self.is_full:
            return None
        self.given += 1
        return self._waiting.popleft()

    @property
    def is_full(self) -> bool:
        """Whether the source has given as many pages as it may."""
        return self.given >= self._bounds.max_pages

    @property
    def left(self) -> int:
        """How many pages wait."""
        return len(self._waiting)

    def is_here(self, url: str) -> bool:
        """Whether an address is of the source's host."""
        return self.place is None or place_of(url) == self.place

    def _belongs(self, url: str, how: How) -> bool:
        if how == "linked" and PurePosixPath(path_of(url).partition("?")[0]).suffix.lower() in _NO_TEXT:
            return False
        return (how == "known" or self.is_here(url)) and self._bounds.wants(url)
