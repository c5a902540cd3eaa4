"""How this machine sees the network: names, routes, interfaces, and where the vendors' services are."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Resolve = Callable[[str, int], Awaitable[list[str]]]

# Google's public resolver: any address beyond this machine shows whether there is a route; nothing is sent to it.
_FAR_IPV6 = ("2001:4860:4860::8888", 53)


async def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`; OSError when there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def has_ipv6_route() -> bool:
    """Whether a packet to an IPv6 address would leave this machine."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR_IPV6)  # chooses a route, sends nothing
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Outside:
    """The world beyond this machine. Tests name servers of their own."""

    identity_toolkit: str = "https://identitytoolkit.googleapis.com"
    certificates: str = (
        "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"  # firebase-admin's
    )
    openai: str = "https://api.openai.com/v1"
    resolve: Resolve = resolve
    has_ipv6_route: Callable[[], bool] = has_ipv6_route
