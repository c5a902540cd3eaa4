"""Where a request may go: public addresses, this machine itself while developing, or one's own network if allowed."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Literal

import httpx

from insta_voice.errors import AddressRefusedError, OutgoingError
from insta_voice.settings import Settings

Resolver = Callable[[str, int], Awaitable[list[str]]]
Reach = Literal["public", "loopback", "private"]
"""public: the internet; loopback: also this machine when the URL names it outright; private: also one's own network."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


def usual_reach(settings: Settings) -> Reach:
    """Public addresses; while developing also this machine."""
    return "loopback" if settings.service.env == "development" else "public"


async def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system resolves it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def choose_address(url: httpx.URL, resolver: Resolver, *, reach: Reach) -> str:
    """The first of `allowed_addresses`."""
    return (await allowed_addresses(url, resolver, reach=reach))[0]


async def allowed_addresses(url: httpx.URL, resolver: Resolver, *, reach: Reach, plain_http: bool = False) -> list[str]:
    """The addresses to connect to. AddressRefusedError when any address of the name is out of `reach`, OutgoingError
    when there is none.

    With "loopback" a public name that leads to this machine is still refused. Addresses of a link, and those where
    clouds tell machines their credentials, are refused with each. Plain http goes to a public address only with
    "loopback", which is for developing, or with `plain_http`, for what is public anyway: everybody on the way could
    read it.
    """
    if url.scheme not in ("http", "https") or not url.host:
        raise AddressRefusedError(detail="no address of http or https")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        addresses = await resolver(url.host, port)
    except (OSError, UnicodeError) as error:
        raise OutgoingError(detail="its name is unknown") from error
    here = reach == "loopback" and url.host in _LOOPBACK_NAMES
    for address in addresses:
        parsed = _carried(ipaddress.ip_address(address.split("%", 1)[0]))
        if parsed in _CREDENTIALS:
            raise AddressRefusedError(detail="it leads to where a cloud keeps credentials")
        public = is_public(parsed)
        allowed = public or (here and parsed.is_loopback) or (reach == "private" and _is_own_network(parsed))
        if not allowed:
            raise AddressRefusedError(detail="it leads to a private address")
        if public and url.scheme == "http" and reach != "loopback" and not plain_http:
            raise AddressRefusedError(detail="it is plain http to a public address")
    if not addresses:
        raise OutgoingError(detail="its name is unknown")
    return list(dict.fromkeys(addresses))


def is_public(address: _Address) -> bool:
    """Whether an address is the internet's. IPv6 forms that carry an IPv4 address are judged by what they carry."""
    address = _carried(address)
    if isinstance(address, ipaddress.IPv6Address) and (address not in _GLOBAL_UNICAST or address.teredo is not None):
        return False
    return address.is_global and not address.is_multicast


def _carried(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _is_own_network(address: _Address) -> bool:
    if address.is_loopback:
        return True
    elsewhere = address.is_link_local or address.is_unspecified or address.is_reserved or address.is_multicast
    return (address.is_private or address in _SHARED) and not elsewhere


_SHARED = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598: carriers' and overlay networks' addresses
# RFC 4291: what else there is of IPv6 leads to a link, to a site, or to any IPv4 address behind a translator.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Where the clouds answer that do not do so on the link, as each documents it: AWS and Google by IPv6, Alibaba, Oracle,
# Azure.
_CREDENTIALS = frozenset(
    ipaddress.ip_address(address)
    for address in ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16")
)
