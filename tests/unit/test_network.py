"""The guard of tests/support/network.py: a test that would reach another machine fails and says so."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.network import BeyondLoopbackError

ELSEWHERE = ("192.0.2.1", 9)  # TEST-NET-1: nobody's address, RFC 5737


@pytest.fixture
def stream() -> Iterator[socket.socket]:
    with closing(socket.socket()) as opened:
        opened.setblocking(False)
        yield opened


@pytest.mark.parametrize("reach", ["connect", "connect_ex"])
def test_another_machine_is_refused(stream: socket.socket, reach: str) -> None:
    with pytest.raises(BeyondLoopbackError, match=r"this machine only, not '192\.0\.2\.1'"):
        getattr(stream, reach)(ELSEWHERE)


def test_a_datagram_to_another_machine_is_refused() -> None:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as opened, pytest.raises(BeyondLoopbackError):
        opened.sendto(b"", ELSEWHERE)


@pytest.mark.parametrize("host", ["192.0.2.1", "insta-voice.invalid", b"insta-voice.invalid", "2001:db8::1"])
def test_looking_up_another_machine_is_refused(host: str | bytes) -> None:
    with pytest.raises(BeyondLoopbackError):
        socket.getaddrinfo(host, 443)


async def test_the_event_loop_is_held_too() -> None:
    with pytest.raises(BeyondLoopbackError):
        await asyncio.open_connection(*ELSEWHERE)


@pytest.mark.parametrize("host", [None, "localhost", "127.0.0.1", "127.0.0.53", "::1", "0.0.0.0"])
def test_this_machine_is_found(host: str | None) -> None:
    assert socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)


def test_loopback_is_reached(stream: socket.socket) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        stream.setblocking(True)
        stream.connect(server.getsockname())


def test_a_unix_socket_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a Unix socket's path is short
    with closing(socket.socket(socket.AF_UNIX)) as server, closing(socket.socket(socket.AF_UNIX)) as client:
        server.bind("here")
        server.listen()
        client.connect("here")
