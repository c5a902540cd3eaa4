"""No test leaves the machine: Python's sockets reach loopback and Unix sockets only.

Programs that tests start and libraries that connect in C (libpq, LiveKit's WebRTC) are not held by this.
"""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import pytest


class BeyondLoopbackError(AssertionError):
    """A test tried to reach another machine. Not an OSError: what handles a network that is down must not hide it."""


def _stays_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "localhost"):
        return True
    try:
        address = ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_beyond(host: object) -> None:
    if not _stays_here(host):
        raise BeyondLoopbackError(f"tests reach this machine only, not {host!r}: use a fake from tests/support")


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    """A socket's method whose last argument is the address."""

    def guard(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and arguments and isinstance(arguments[-1], tuple):
            _refuse_beyond(arguments[-1][0])
        return original(self, *arguments)

    return guard


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Holds for every test, from before the first fixture that starts something."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def guard(host: Any, *arguments: Any, **options: Any) -> Any:
            _refuse_beyond(host)
            return look_up(host, *arguments, **options)

        patch.setattr(socket, "getaddrinfo", guard)
        yield


def name_here(patch: pytest.MonkeyPatch, name: str) -> None:
    """As if a name server said that `name`, which nobody would take for this machine's, leads here."""
    look_up = socket.getaddrinfo

    def named(host: Any, *arguments: Any, **options: Any) -> Any:
        return look_up("127.0.0.1" if host == name else host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", named)
