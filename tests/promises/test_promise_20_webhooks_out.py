"""Promise 20, what goes out: signed, bounded, and never to a private address, however its name is written or resolved.

Single addresses: tests/unit/outgoing. Over TLS, to who proves the name: tests/unit/outgoing/test_post.py.
"""

import _socket  # the system's own reading of numbers, without the guard that tests put before it
import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.support.endpoint import answer, serving_endpoint
from tests.support.misbehaving import Misbehaviour, drip_body, drip_header, flood, silence
from tests.support.settings import complete_settings

from insta_voice.calls import Ticket, deliver_ticket
from insta_voice.errors import DeliveryError, OutgoingError
from insta_voice.outgoing import Answer, Reach, Resolver, post_signed

TICKET = Ticket(UUID(int=1), UUID(int=2), "maya", "k", "Subject", "Briefing", datetime(2026, 11, 22, tzinfo=UTC), None)


async def post(
    url: str, resolver: Resolver, *, reach: Reach = "private", timeout_s: float = 5, answer_bytes: int = 0
) -> Answer:
    return await post_signed(
        url,
        {"said": "something"},
        secret="s3cret",
        timestamp="1700000000",
        timeout_s=timeout_s,
        reach=reach,
        answer_bytes=answer_bytes,
        resolver=resolver,
    )


def resolving(*turns: list[str]) -> tuple[Resolver, list[str]]:
    """A name server that answers differently each time, the last answer for ever; and whom it was asked for."""
    asked: list[str] = []

    async def resolver(host: str, _: int) -> list[str]:
        asked.append(host)
        return turns[min(len(asked), len(turns)) - 1]

    return resolver, asked


async def as_the_system_reads_it(host: str, port: int) -> list[str]:
    """What the C library makes of a number in the place of a name."""
    found = _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM, 0, _socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0",
        "10.0.0.1", "167772161", "169.254.169.254", "2852039166", "0xa9fea9fe", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "[fec0::1]", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16",
    ],
)  # fmt: skip
async def test_no_way_to_write_a_private_address_reaches_it(host: str) -> None:
    with pytest.raises(OutgoingError):
        await post(f"https://{host}/", as_the_system_reads_it, reach="public")


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192",
     "::ffff:100.100.100.200", "168.63.129.16", "fe80::a9fe:a9fe"],
)  # fmt: skip
@pytest.mark.parametrize("reach", ["public", "loopback", "private"])
async def test_a_clouds_credentials_are_reached_by_no_setting(reach: Reach, address: str) -> None:
    resolver, _ = resolving([address])
    with pytest.raises(OutgoingError):
        await post("https://desk.example/", resolver, reach=reach)


async def test_a_name_that_turns_elsewhere_after_the_check_is_not_followed() -> None:
    """DNS rebinding: whoever owns the name answers a good address first and a bad one afterwards."""
    async with serving_endpoint(answer("{}"), "127.0.0.2") as checked:
        port = int(checked.url.split(":")[2].split("/")[0])
        async with serving_on("127.0.0.1", port) as elsewhere:
            resolver, asked = resolving(["127.0.0.2"], ["127.0.0.1"])
            assert (await post(f"http://desk.example:{port}/hook", resolver)).status == 200
    assert asked == ["desk.example"]
    assert (len(checked.asked), elsewhere) == (1, [])
    assert checked.asked[0].headers["host"] == f"desk.example:{port}"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_redirect_is_followed(status: str) -> None:
    async with serving_endpoint(answer("{}")) as private:
        async with serving_endpoint(answer("", status, f"Location: {private.url}")) as endpoint:
            resolver, _ = resolving(["127.0.0.1"])
            assert not (await post(endpoint.url, resolver)).is_success
        assert (len(endpoint.asked), private.asked) == (1, [])


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would resolve the name again, and reach what we may not."""
    async with serving_endpoint(answer("{}")) as proxy, serving_endpoint(answer("{}")) as endpoint:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        resolver, _ = resolving(["127.0.0.1"])
        await post(endpoint.url, resolver)
    assert (len(endpoint.asked), proxy.asked) == (1, [])


@pytest.mark.parametrize("behave", [drip_header, drip_body, silence])
async def test_whoever_answers_without_end_is_given_up_in_time(behave: Misbehaviour) -> None:
    async with misbehaving(behave) as url:
        resolver, _ = resolving(["127.0.0.1"])
        began = time.monotonic()
        with pytest.raises(OutgoingError):
            await post(url, resolver, timeout_s=0.3, answer_bytes=1000)
        assert time.monotonic() - began < 5


async def test_of_an_endless_answer_nothing_is_kept() -> None:
    async with misbehaving(flood) as url:
        resolver, _ = resolving(["127.0.0.1"])
        assert await post(url, resolver) == Answer(200, b"")
        with pytest.raises(OutgoingError) as caught:
            await post(url, resolver, answer_bytes=1000)
    assert "longer than 1000 bytes" in caught.value.detail


@pytest.mark.parametrize("url", ["http://0177.0.0.1/", "http://[::1", "http://", "file:///etc/passwd", "gopher://x/"])
async def test_an_address_that_is_none_is_said_and_not_tried(url: str) -> None:
    resolver, asked = resolving(["93.184.216.34"])
    with pytest.raises(OutgoingError):
        await post(url, resolver)
    assert asked == []


async def test_a_ticket_of_a_production_installation_reaches_no_private_address_and_is_signed() -> None:
    async with serving_endpoint(answer("", "204 No Content")) as endpoint:
        variables = {"TICKET_WEBHOOK_URL": endpoint.url, "TICKET_WEBHOOK_SECRET": "s3cret"}
        resolver, _ = resolving(["127.0.0.1"])
        with pytest.raises(DeliveryError) as caught:
            await deliver_ticket(complete_settings(**variables), TICKET, "webhook", resolver=resolver)
        assert "private address" in caught.value.detail
        assert endpoint.asked == []
        development = complete_settings(**variables, INSTA_ENV="development")
        await deliver_ticket(development, TICKET, "webhook", clock=lambda: 1700000000.0, resolver=resolver)
    (asked,) = endpoint.asked
    expected = hmac.new(b"s3cret", b"1700000000." + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["x-insta-signature"] == f"sha256={expected}"


@asynccontextmanager
async def serving_on(host: str, port: int) -> AsyncIterator[list[str]]:
    """Notes who connects."""
    came: list[str] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(host)
        writer.close()

    async with await asyncio.start_server(serve, host, port):
        yield came


@asynccontextmanager
async def misbehaving(behave: Misbehaviour) -> AsyncIterator[str]:
    """An endpoint that answers as `behave` does, until it is left."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await behave(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
