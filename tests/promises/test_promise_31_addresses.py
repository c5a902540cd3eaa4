"""Promise 31, addresses: a hostile page hurts nobody. None leads into a private network, however its address is
written, resolved or redirected, and none costs more time or memory than it may.

What each step refuses: tests/unit/knowledge/web. Files: test_promise_31_documents.py.
"""

import _socket  # the system's own reading of numbers, without the guard that tests put before it
import resource
import time

import pytest
from tests.support.knowledge import embedder
from tests.support.misbehaving import Misbehaviour, drip_body, drip_header, flood
from tests.support.website import Page, bomb, html, redirect, serving_site, visitor

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest_web, list_articles
from insta_voice.knowledge.web import Door, Pace, Visitor, WebSource
from insta_voice.outgoing import Resolver

__all__ = ["embedder"]  # the fixture

SECRET = html("Inside", "What only the company's own people may read.")


async def as_the_system_reads_it(host: str, port: int) -> list[str]:
    """What the C library makes of a number in the place of a name."""
    found = _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM, 0, _socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


def answering_in_turn(*answers: str) -> Resolver:
    """A name server that answers differently each time, the last answer for ever."""
    asked = 0

    async def resolver(host: str, port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return [answers[min(asked, len(answers)) - 1]]

    return resolver


async def refused(db: Database, embedder: LocalEmbedder, url: str, guest: Visitor) -> str:
    """Why the page was not taken; nothing else has happened."""
    report = await ingest_web(db, embedder, WebSource.of(url), guest)
    assert (report.added, report.changed, report.removed, len(report.failed)) == (0, 0, 0, 1)
    assert await list_articles(db) == []
    return report.failed[0].reason


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "0", "0.0.0.0", "10.0.0.1", "192.168.1.1",
        "169.254.169.254", "2852039166", "0xa9fea9fe", "100.64.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00:ec2::254]",
    ],
)  # fmt: skip
async def test_no_way_to_write_a_private_address_reaches_it(db: Database, embedder: LocalEmbedder, host: str) -> None:
    guest = Visitor(Door(resolver=as_the_system_reads_it), Pace(0.0))
    reason = await refused(db, embedder, f"http://{host}/", guest)
    assert "private address" in reason or "cloud keeps credentials" in reason


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://inside.example:{port}/"]
)
async def test_no_redirect_leads_to_a_private_address(db: Database, embedder: LocalEmbedder, to: str) -> None:
    async with serving_site({"/": SECRET}) as inside, serving_site() as site:
        site.pages["/"] = redirect(to.format(port=inside.place.partition(":")[2]))
        reason = await refused(db, embedder, site.url(), visitor(site, resolver=answering_in_turn("127.0.0.1")))
        assert "port" in reason
        site.pages["/"] = redirect("http://inside.example/")
        reason = await refused(db, embedder, site.url(), visitor(site, resolver=answering_in_turn("127.0.0.1")))
        assert "private address" in reason
        assert inside.asked == []


async def test_a_name_that_turns_elsewhere_after_the_check_is_not_followed(
    db: Database, embedder: LocalEmbedder
) -> None:
    """DNS rebinding: whoever owns the name answers a good address first and a private one afterwards."""
    async with serving_site({"/": html("Help", "Choose forgot password.")}, host="127.0.0.2") as site:
        port = int(site.place.partition(":")[2])
        async with serving_site({"/": SECRET}, host="127.0.0.1", port=port) as inside:
            door = Door([f"help.example:{port}"], resolver=answering_in_turn("127.0.0.2", "127.0.0.2", "127.0.0.1"))
            report = await ingest_web(
                db, embedder, WebSource.of(f"http://help.example:{port}/"), Visitor(door, Pace(0.0))
            )
            assert (report.added, report.failed, inside.asked) == (1, (), [])
            assert [asked.path for asked in site.asked] == ["/robots.txt", "/"]


async def test_a_name_that_turns_private_between_two_pages_is_refused(db: Database, embedder: LocalEmbedder) -> None:
    guest = Visitor(Door(resolver=answering_in_turn("10.0.0.1")), Pace(0.0))
    assert "private address" in await refused(db, embedder, "https://help.example/", guest)


async def test_a_proxy_of_the_environment_is_not_used(
    db: Database, embedder: LocalEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would resolve the name again, and reach what we may not."""
    async with serving_site() as proxy, serving_site({"/": html("Help", "Choose forgot password.")}) as site:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        assert (await ingest_web(db, embedder, WebSource.of(site.url()), visitor(site))).added == 1
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (drip_header, "no whole answer within 1 s"),
        (drip_body, "no whole answer within 1 s"),
        (flood, "larger than 20 MB"),
        (bomb(500_000_000), "larger than 20 MB"),
        (Page(b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}), "gzip is broken"),
        (Page(b"PK\x03\x04" + bytes(1000)), "ZIP"),
        (Page(b"<html>" + b"<div>" * 500_000, headers={"Content-Type": "text/html"}), "."),
        (Page(b"%PDF-1.7 and nothing else", headers={"Content-Type": "text/html"}), "."),
    ],
)
async def test_a_page_made_to_hurt_is_refused_with_a_sentence_in_bounded_time_and_memory(
    db: Database, embedder: LocalEmbedder, page: Page | Misbehaviour, why: str
) -> None:
    async with serving_site({"/": page}) as site:
        most_before, began = _most_memory(), time.monotonic()
        timeout_s = 1.0 if page in (drip_header, drip_body) else 20.0
        reason = await refused(db, embedder, site.url(), visitor(site, timeout_s=timeout_s))
        assert why in reason
        assert time.monotonic() - began < 60
        assert _most_memory() - most_before < 300_000_000


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
