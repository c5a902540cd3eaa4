"""Where an outgoing webhook may go: public addresses, and this machine itself while developing (promise 20)."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

from insta_voice.errors import DeliveryError

Resolver = Callable[[str, int], Awaitable[list[str]]]
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


async def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system resolves it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def choose_address(url: httpx.URL, resolver: Resolver, *, allow_loopback: bool) -> str:
    """The address to connect to. DeliveryError when any address of the name is not public, or there is none.

    `allow_loopback` takes a URL that names this machine outright; a public name that leads here is still refused.
    """
    if url.scheme not in ("http", "https"):
        raise DeliveryError(detail="ticket webhook: neither http nor https")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        addresses = await resolver(url.host, port)
    except OSError as error:
        raise DeliveryError(detail="ticket webhook: its name is unknown") from error
    here = allow_loopback and url.host in _LOOPBACK_NAMES
    for address in addresses:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
        if not (is_public(parsed) or (here and parsed.is_loopback)):
            raise DeliveryError(detail="ticket webhook: it leads to a private address")
    if not addresses:
        raise DeliveryError(detail="ticket webhook: its name is unknown")
    return addresses[0]


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is the internet's. IPv6 forms that carry an IPv4 address are judged by what they carry."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if carried is not None:
            return is_public(carried)
        if address in _TRANSLATED or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: any IPv4 address behind a translator
