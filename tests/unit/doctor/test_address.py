"""What doctor says of the address people open, asked of servers that stand for proxies."""

import pytest
from tests.support.doctor import said, surroundings
from tests.support.vendors import Vendor, serving

from insta_voice.doctor.address import check_address
from insta_voice.stack.up_file import Addresses


async def examined(url: str, **changes: str) -> str:
    return said(await check_address(surroundings({"INSTA_PUBLIC_URL": url, **changes})))


REPLIES = {
    "ours": ((200, {"status": "alive"}), "ok: The page is reached at INSTA_PUBLIC_URL."),
    "a proxy alone": (
        (502, {}),
        "problem: The proxy at INSTA_PUBLIC_URL answers, but finds no API behind it (HTTP 502)",
    ),
    "another site": (
        (200, {"hello": 1}),
        "problem: What answers at INSTA_PUBLIC_URL is not this installation (HTTP 200)",
    ),
    "a redirect": ((301, {}), "is not this installation (HTTP 301)"),
}


@pytest.mark.parametrize(("reply", "sentence"), REPLIES.values(), ids=REPLIES.keys())
async def test_each_answer_has_its_sentence(reply: tuple[int, object], sentence: str) -> None:
    proxy = Vendor({"/healthz": reply})
    with serving(proxy):
        assert sentence in await examined(proxy.url + "/")


WRONG = {
    "no scheme": ("help.acme.example", "problem: INSTA_PUBLIC_URL is no web address"),
    "no port": ("https://help.acme.example:x", "problem: INSTA_PUBLIC_URL is no web address"),
    "nothing there": ("http://127.0.0.1:9", "problem: The page is not reached at INSTA_PUBLIC_URL: nothing listens"),
}


@pytest.mark.parametrize(("url", "sentence"), WRONG.values(), ids=WRONG.keys())
async def test_each_wrong_address_has_its_sentence(url: str, sentence: str) -> None:
    assert sentence in await examined(url)


async def test_what_is_read_on_the_way_and_who_is_believed() -> None:
    found = said(await check_address(surroundings({"INSTA_PUBLIC_URL": "http://127.0.0.2:9"})))
    assert "warning: INSTA_PUBLIC_URL is http" in found
    assert "warning: INSTA_TRUSTED_PROXIES is empty" in found


async def test_without_a_public_address() -> None:
    assert "warning: INSTA_PUBLIC_URL is not set" in said(
        await check_address(surroundings({"INSTA_ENV": "production"}))
    )
    assert await check_address(surroundings({})) == []
    up = Addresses("http://127.0.0.1:8080", "ws://x", "postgresql://x", None, None, ())
    assert "ok: The page is for this machine: http://127.0.0.1:8080" in said(
        await check_address(surroundings({}, up=up))
    )
