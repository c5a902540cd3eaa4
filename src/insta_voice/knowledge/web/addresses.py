"""Addresses of pages: one spelling each, and which of them may be asked for at all."""

from collections.abc import Collection

import httpx

from insta_voice.errors import AddressRefusedError, InvalidInputError, OutgoingError
from insta_voice.outgoing import Resolver, allowed_addresses, resolve

MAX_CHARACTERS = 2000  # what an article's url may have
_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))  # the URL standard takes them out of links


def page_address(text: str, base: str | None = None) -> str:
    """The one spelling of an address, read as a link of the page `base`: no fragment, no default port, no dots.

    InvalidInputError says why it cannot be a page's.
    """
    text = text.strip().translate(_BREAKS)
    try:
        url = httpx.URL(base).join(text) if base else httpx.URL(text)
        host, port_fits = url.host, url.port is None or 0 < url.port < 65_536
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise InvalidInputError("This is not an address.") from None
    if url.scheme not in ("http", "https") or not host or not port_fits:
        raise InvalidInputError("This is not a web address (http or https).")
    if url.userinfo:
        raise InvalidInputError("The address has a user or a password in it: pages are read without signing in.")
    spelt = f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}"
    if len(spelt) > MAX_CHARACTERS:
        raise InvalidInputError(f"The address is longer than {MAX_CHARACTERS} characters.")
    return spelt


def place_of(address: str) -> str:
    """The host of an address, with the port where it is not the usual one: "help.example", "wiki.lan:8080"."""
    return httpx.URL(address).netloc.decode()


def path_of(address: str) -> str:
    """What follows the host: path and query."""
    return httpx.URL(address).raw_path.decode()


class Door:
    """Lets out to the internet at the usual ports, and to `allowed` places wherever they lead.

    Each such place is named as `place_of` does, so that a page can send nobody to another host or port beside it.
    """

    def __init__(self, allowed: Collection[str] = (), *, resolver: Resolver = resolve) -> None:
        self._allowed = frozenset(place.lower() for place in allowed)
        self._resolver = resolver

    async def addresses(self, url: httpx.URL) -> list[str]:
        """The addresses to connect to, as `outgoing.allowed_addresses`."""
        own = url.netloc.decode() in self._allowed
        if url.port is not None and not own:
            raise AddressRefusedError(detail=f"port {url.port} is not asked, but for places in KNOWLEDGE_ALLOW_HOSTS")
        return await allowed_addresses(url, self._resolver, reach="private" if own else "public", plain_http=True)

    async def admit(self, address: str) -> None:
        """AddressRefusedError when a page's address may not be asked. A name that is unknown now may be known later."""
        try:
            await self.addresses(httpx.URL(address))
        except AddressRefusedError:
            raise
        except OutgoingError:
            return
