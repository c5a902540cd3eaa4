"""The options of `kb ingest` for addresses, and the sources that they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import typer

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web import DEPTH, EVERYONE, MAX_PAGES, Bounds, Kind, WebSource

_PANEL = "For addresses"

Crawl = Annotated[
    bool, typer.Option("--crawl", help="also what the page links to, on its own host", rich_help_panel=_PANEL)
]
Sitemap = Annotated[
    bool, typer.Option("--sitemap", help="the address is a sitemap's; .xml is taken for one", rich_help_panel=_PANEL)
]
Depth = Annotated[
    int | None,
    typer.Option("--depth", min=0, max=20, help=f"links to follow, of a crawl; {DEPTH}", rich_help_panel=_PANEL),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include", metavar="PATTERN", help="only such pages, '/help/*'; may be repeated", rich_help_panel=_PANEL
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="PATTERN", help="no such pages; may be repeated", rich_help_panel=_PANEL),
]
MaxPages = Annotated[
    int | None,
    typer.Option("--max-pages", min=1, max=50_000, help=f"pages to ask for; {MAX_PAGES}", rich_help_panel=_PANEL),
]
Audience = Annotated[
    list[str] | None,
    typer.Option(
        "--audience",
        help='who may hear articles that name nobody: "everyone", "plan:<name>", "staff"; may be repeated',
    ),
]


@dataclass(frozen=True, slots=True)
class AddressOptions:
    """What was asked for beside the addresses; empty where nothing was. `audience` is for files too."""

    crawl: bool = False
    sitemap: bool = False
    depth: int | None = None
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    max_pages: int | None = None
    audience: Sequence[str] = EVERYONE

    @classmethod
    def of(
        cls,
        crawl: bool,
        sitemap: bool,
        depth: int | None,
        include: list[str] | None,
        exclude: list[str] | None,
        max_pages: int | None,
        audience: list[str] | None,
    ) -> Self:
        """As the command line gives them."""
        include, exclude = include or [], exclude or []
        return cls(crawl, sitemap, depth, tuple(include), tuple(exclude), max_pages, tuple(audience or EVERYONE))

    def sources(self, addresses: Sequence[str]) -> list[WebSource]:
        """What each address names. InvalidInputError when the options do not go together."""
        if not addresses and self != AddressOptions(audience=self.audience):
            raise InvalidInputError("These options are for addresses (https://…), and there is none.")
        if self.crawl and self.sitemap:
            raise InvalidInputError("Give --crawl or --sitemap: a sitemap names its pages itself.")
        kind: Kind | None = "crawl" if self.crawl else "sitemap" if self.sitemap else None
        sources = [WebSource.of(address, kind, self._bounds(), self.audience) for address in addresses]
        if self.depth is not None and not self.crawl:
            raise InvalidInputError("--depth is for --crawl.")
        narrowed = self.include or self.exclude or self.max_pages is not None
        if narrowed and any(source.kind == "page" for source in sources):
            raise InvalidInputError("--include, --exclude and --max-pages are for --crawl and sitemaps.")
        return sources

    def _bounds(self) -> Bounds:
        depth = DEPTH if self.depth is None else self.depth
        most = MAX_PAGES if self.max_pages is None else self.max_pages
        return Bounds(tuple(self.include), tuple(self.exclude), depth, most)


def is_address(text: str) -> bool:
    """Whether an argument is an address, and no path."""
    return "://" in text
