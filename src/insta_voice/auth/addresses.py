"""Where a request came from, when proxies stand in between, and what of it counts for limits."""

import ipaddress
from collections.abc import Iterable, Sequence

from insta_voice.errors import ConfigurationError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_proxies(values: Iterable[str]) -> tuple[Network, ...]:
    """Networks of the proxies we believe; single addresses are networks of one. Raises ConfigurationError."""
    networks = []
    for value in values:
        try:
            networks.append(ipaddress.ip_network(value, strict=False))
        except ValueError as error:
            raise ConfigurationError(
                f"INSTA_TRUSTED_PROXIES holds {value!r}, which is no address. Write 10.0.0.5 or 10.0.0.0/24."
            ) from error
    return tuple(networks)


def client_address(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address nearest to the person that someone we trust vouches for.

    `peer` is who holds the connection, `forwarded_for` the X-Forwarded-For headers as they came. Each hop adds to
    the right, so entries are believed from the right for as long as the hop that wrote them is trusted.
    """
    current = _parse(peer or "")
    if current is None:
        return "unknown"
    hops = [hop.strip() for header in forwarded_for for hop in header.split(",")]
    while hops and _is_trusted(current, trusted):
        previous = _parse(hops.pop())
        if previous is None:
            break
        current = previous
    return str(current)


def limit_key(address: str) -> str:
    """What an address counts as: itself, or its /64 for IPv6, because one subscriber has all of a /64."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed) if parsed else "unknown"


def _parse(text: str) -> Address | None:
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
