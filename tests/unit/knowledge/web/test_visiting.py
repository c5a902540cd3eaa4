"""How a page is asked for: as a guest, step by step, and never longer or further than it may."""

import gzip
import time

import pytest
from tests.support.misbehaving import Misbehaviour, drip_body, drip_header, flood
from tests.support.website import Page, html, redirect, serving_site, text, visitor

from insta_voice.errors import AddressRefusedError, InvalidInputError, OutgoingError
from insta_voice.knowledge.web.addresses import Door
from insta_voice.knowledge.web.pace import Pace
from insta_voice.knowledge.web.visiting import NotAllowedError, Validators, Visitor


async def test_we_say_who_we_are_and_ask_robots_first() -> None:
    async with serving_site({"/a": html("A", "Text.")}) as site:
        visit = await visitor(site).visit(site.url("/a"))
        assert [asked.path for asked in site.asked] == ["/robots.txt", "/a"]
        assert all(asked.headers["user-agent"].startswith("insta-voice/") for asked in site.asked)
        assert site.asked[1].headers["host"] == site.place
    assert (visit.outcome, visit.url, visit.content_type) == ("read", site.url("/a"), "text/html; charset=utf-8")


async def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    pages = {"/robots.txt": text("User-agent: *\nDisallow: /no"), "/no": html("A", "Text."), "/to": redirect("/no")}
    async with serving_site(pages) as site:
        guest = visitor(site)
        for path in ("/no", "/to"):
            with pytest.raises(NotAllowedError):
                await guest.visit(site.url(path))
        assert site.paths == ["/to"], "nor at the end of a redirect"


async def test_an_unchanged_page_is_not_sent_again() -> None:
    async with serving_site({"/a": html("A", "Text.", etag='"1"')}) as site:
        guest = visitor(site)
        first = await guest.visit(site.url("/a"))

        async def known(url: str) -> Validators:
            return first.validators

        assert (await guest.visit(site.url("/a"), known=known)).outcome == "unchanged"
        site.pages["/a"] = html("A", "Another text.", etag='"2"')
        assert (await guest.visit(site.url("/a"), known=known)).outcome == "read"
        site.pages["/a"] = Page(status=304)
        with pytest.raises(OutgoingError):
            await guest.visit(site.url("/a"))  # we have nothing that could be unchanged


async def test_a_validator_that_cannot_be_sent_back_is_not_kept() -> None:
    headers = {"ETag": "\xe9", "Last-Modified": "x" * 2000}
    async with serving_site({"/a": Page(b"text", headers=headers)}) as site:
        assert (await visitor(site).visit(site.url("/a"))).validators == Validators()


@pytest.mark.parametrize(("hops", "moved"), [((301, 308), True), ((301, 302), False), ((307,), False), ((303,), False)])
async def test_redirects_are_followed_and_said_whether_they_are_for_good(hops: tuple[int, ...], moved: bool) -> None:
    pages = {f"/{number}": redirect(f"/{number + 1}", status) for number, status in enumerate(hops)}
    async with serving_site({**pages, f"/{len(hops)}": html("End", "Text.")}) as site:
        visit = await visitor(site).visit(site.url("/0"))
        assert (visit.url, visit.moved) == (site.url(f"/{len(hops)}"), moved)


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ({"/0": redirect("/0")}, "circle"),
        ({"/0": redirect("/1"), "/1": redirect("/0")}, "circle"),
        ({f"/{n}": redirect(f"/{n + 1}") for n in range(9)}, "more than 5 times"),
        ({"/0": redirect("file:///etc/passwd")}, "not a web address"),
        ({"/0": redirect("http://maya:secret@help.example/")}, "a user or a password"),
        ({"/0": Page(status=403)}, "not for everybody"),
        ({"/0": Page(b"x", headers={"Content-Encoding": "br"})}, "packed in a way"),
        ({"/0": Page(gzip.compress(b"x" * 99)[:-9], headers={"Content-Encoding": "gzip"})}, "cut off"),
        ({"/0": flood}, "larger than"),
    ],
)
async def test_what_is_not_read_is_said(pages: dict[str, Page], why: str) -> None:
    async with serving_site(pages) as site:
        with pytest.raises(InvalidInputError, match=why):
            await visitor(site).visit(site.url("/0"), most_bytes=100_000)


async def literally(host: str, port: int) -> list[str]:
    """Hosts that are numbers already."""
    return [host]


async def test_no_redirect_leads_where_we_may_not_go() -> None:
    async with serving_site({"/": html("Inside", "Secret.")}) as inside, serving_site() as site:
        site.pages["/"] = redirect(inside.url("/"))
        site.pages["/far"] = redirect("http://10.0.0.1/")
        site.pages["/cloud"] = redirect("http://169.254.169.254/latest/meta-data/")
        for path in ("/", "/far", "/cloud"):
            with pytest.raises(AddressRefusedError):
                await visitor(site, resolver=literally).visit(site.url(path))
        assert inside.asked == []


@pytest.mark.parametrize("drip", [drip_header, drip_body])
async def test_who_sends_without_end_is_given_up_in_time(drip: Misbehaviour) -> None:
    async with serving_site({"/": drip}) as site:
        began = time.monotonic()
        with pytest.raises(OutgoingError) as caught:
            await visitor(site, timeout_s=0.3).visit(site.url("/"))
        assert time.monotonic() - began < 5
    assert "no whole answer within 0.3 s" in caught.value.detail


async def test_a_host_that_gives_no_answers_is_not_asked_for_ever() -> None:
    async with serving_site(dict.fromkeys(("/1", "/2", "/3", "/4"), drip_body)) as site:
        guest = visitor(site, timeout_s=0.2)
        for path in ("/1", "/2", "/3", "/4"):
            with pytest.raises(OutgoingError):
                await guest.visit(site.url(path))
        assert site.paths == ["/1", "/2", "/3"]


def busy(*, retry_after: str) -> Page:
    return Page(status=503, headers={"Retry-After": retry_after})


async def test_a_busy_server_is_asked_again_when_it_says() -> None:
    waits_s: list[float] = []
    now_s = 0.0

    async def sleep(wait_s: float) -> None:
        nonlocal now_s
        waits_s.append(wait_s)
        now_s += wait_s
        site.pages["/"] = html("A", "Text.")

    async with serving_site({"/": busy(retry_after="60")}) as site:
        guest = Visitor(Door([site.place]), Pace(0.0, sleep=sleep, clock=lambda: now_s))
        assert (await guest.visit(site.url())).outcome == "read"
    assert waits_s == [60.0]


async def test_a_server_that_had_too_many_requests_is_left_alone_although_it_names_no_time() -> None:
    async with serving_site({"/": Page(status=429), "/a": html("A", "Text.")}) as site:
        guest = visitor(site)
        for path in ("/", "/a"):
            with pytest.raises(OutgoingError):
                await guest.visit(site.url(path))
        assert site.paths == ["/"]


async def test_a_server_that_is_busy_for_hours_is_left_alone() -> None:
    async with serving_site({"/": busy(retry_after="3000"), "/a": html("A", "Text.")}) as site:
        guest = visitor(site)
        for path in ("/", "/a"):
            with pytest.raises(OutgoingError):
                await guest.visit(site.url(path))
        assert site.paths == ["/"]


async def test_a_page_that_is_busy_and_names_no_time_keeps_no_other_from_being_asked() -> None:
    async with serving_site({"/": Page(status=503), "/a": html("A", "Text.")}) as site:
        guest = visitor(site)
        with pytest.raises(OutgoingError):
            await guest.visit(site.url("/"))
        assert (await guest.visit(site.url("/a"))).outcome == "read"
        assert site.paths == ["/", "/a"]


@pytest.mark.parametrize(
    ("page", "requests", "waits_s"),
    [
        (Page(status=429, headers={"Retry-After": "5"}), 3, [5.0, 5.0]),
        (busy(retry_after="120"), 3, [120.0, 120.0]),
        (busy(retry_after="121"), 1, []),
        (Page(status=429, headers={"Retry-After": "121"}), 1, []),
        (busy(retry_after="tomorrow"), 1, []),
    ],
)
async def test_a_time_to_wait_is_kept_twice_and_for_two_minutes_at_most(
    page: Page, requests: int, waits_s: list[float]
) -> None:
    now_s, waited_s = 0.0, []

    async def sleep(wait_s: float) -> None:
        nonlocal now_s
        waited_s.append(wait_s)
        now_s += wait_s

    async with serving_site({"/": page}) as site:
        guest = Visitor(Door([site.place]), Pace(0.0, sleep=sleep, clock=lambda: now_s))
        with pytest.raises(OutgoingError):
            await guest.visit(site.url())
        assert site.paths == ["/"] * requests
    assert waited_s == waits_s


async def test_a_server_that_stays_busy_is_left_alone_after_its_third_answer() -> None:
    async with serving_site({"/": busy(retry_after="0"), "/a": html("A", "Text.")}) as site:
        guest = visitor(site)
        for path in ("/", "/a"):
            with pytest.raises(OutgoingError):
                await guest.visit(site.url(path))
        assert site.paths == ["/", "/", "/"]
