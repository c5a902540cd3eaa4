"""What an address and its options name, and which pages come next."""

from datetime import timedelta

import pytest

from insta_voice.cli.kb.addresses import AddressOptions
from insta_voice.cli.kb.intervals import as_option, interval_of
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web import Bounds, WebSource
from insta_voice.knowledge.web import frontier as frontier_module
from insta_voice.knowledge.web.frontier import Frontier

START = "https://help.example/"


@pytest.mark.parametrize(("text", "hours"), [("1h", 1), ("36h", 36), ("1d", 24), ("30d", 720)])
def test_how_often_a_source_is_read(text: str, hours: int) -> None:
    assert interval_of(text) == timedelta(hours=hours)
    assert as_option(interval_of(text)) == text


@pytest.mark.parametrize("text", ["", "0h", "1", "1m", "-1d", "1.5h", "1d "])
def test_what_is_no_interval_is_said(text: str) -> None:
    with pytest.raises(InvalidInputError, match="Write 12h or 1d"):
        interval_of(text)


@pytest.mark.parametrize(
    ("url", "options", "kind"),
    [
        ("https://help.example/reset", AddressOptions(), "page"),
        ("https://help.example/sitemap.xml", AddressOptions(), "sitemap"),
        ("https://help.example/sitemap.xml.gz?x=1", AddressOptions(), "sitemap"),
        ("https://help.example/map", AddressOptions(sitemap=True), "sitemap"),
        ("https://help.example/sitemap.xml", AddressOptions(crawl=True), "crawl"),
    ],
)
def test_what_an_address_is(url: str, options: AddressOptions, kind: str) -> None:
    [source] = options.sources([url])
    assert (source.url, source.kind, source.audience) == (url, kind, ("everyone",))


def test_an_audience_needs_no_address() -> None:
    assert AddressOptions(audience=("staff",)).sources([]) == []


@pytest.mark.parametrize(
    ("options", "addresses", "why"),
    [
        (AddressOptions(crawl=True), [], "there is none"),
        (AddressOptions(crawl=True, audience=("staff",)), [], "there is none"),
        (AddressOptions(crawl=True, sitemap=True), [START], "--crawl or --sitemap"),
        (AddressOptions(depth=1), [START], "--depth is for --crawl"),
        (AddressOptions(include=("/a*",)), [START], "for --crawl and sitemaps"),
        (AddressOptions(audience=("everybody",)), [START], "knows"),
        (AddressOptions(), ["ftp://help.example/"], "ftp://help.example/: This is not a web address"),
        (AddressOptions(), ["https:///reset"], "https:///reset: This is not a web address"),
        (AddressOptions(), ["help.example/reset"], "help.example/reset: This is not a web address"),
    ],
)
def test_options_that_do_not_go_together(options: AddressOptions, addresses: list[str], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        options.sources(addresses)


@pytest.mark.parametrize(
    ("include", "exclude", "path", "wanted"),
    [
        ((), (), "/anything", True),
        (("/help/*",), (), "/help/a/b", True),
        (("/help/*",), (), "/blog/help/a", False),
        (("/help/*", "/faq"), (), "/faq", True),
        ((), ("*/print",), "/help/a/print", False),
        (("/help/*",), ("*?*",), "/help/a", False),
        ((), ("*[?]*",), "/help/a?print=1", False),
        ((), ("*[?]*",), "/help/a", True),
        (("https://help.example/*",), (), "/help", True),
        (("https://other.example/*",), (), "/help", False),
    ],
)
def test_patterns(include: tuple[str, ...], exclude: tuple[str, ...], path: str, wanted: bool) -> None:
    bounds = Bounds(include, exclude)
    assert bounds.wants(f"https://help.example{path}") is wanted
    page = WebSource(START, "page", bounds)
    assert page.wants(f"https://help.example{path}"), "the page that was named always is"


def given(frontier: Frontier) -> list[str]:
    pages = []
    while (page := frontier.next()) is not None:
        pages.append(page.url)
    return pages


def test_the_nearest_page_comes_first_and_each_once() -> None:
    frontier = Frontier(Bounds(depth=1))
    frontier.add([START], "named")
    first = frontier.next()
    assert first is not None
    frontier.place = "help.example"
    frontier.follow([START + "a", START, START + "b"], first)
    second = frontier.next()
    assert second is not None
    frontier.follow([START + "c"], second)  # two links away
    frontier.follow([START + "d"], first)
    frontier.add([START + "e", START + "a"], "known")
    assert given(frontier) == [START + "b", START + "d", START + "e"]


def test_pictures_other_hosts_and_what_is_not_wanted_are_left_out() -> None:
    frontier = Frontier(Bounds(exclude=("/no*",)))
    frontier.place = "help.example"
    frontier.add([START + name for name in ("a.png", "b.ZIP?x=1", "no", "manual.pdf", "page.html")], "linked")
    frontier.add(["https://other.example/a"], "listed")
    assert given(frontier) == [START + "manual.pdf", START + "page.html"]


def test_no_more_pages_are_given_than_a_source_may_have() -> None:
    frontier = Frontier(Bounds(max_pages=2))
    frontier.add([START + str(number) for number in range(5)], "named")
    assert len(given(frontier)) == 2
    assert (frontier.is_full, frontier.left) == (True, 3)


def test_of_a_site_that_makes_addresses_without_end_only_so_many_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frontier_module, "_MOST_SEEN", 3)
    frontier = Frontier(Bounds())
    frontier.add([START + str(number) for number in range(5)], "linked")
    frontier.add([START + "more"], "listed")
    assert given(frontier) == [START + "0", START + "1", START + "2"]
    assert len(frontier.seen) == 3
