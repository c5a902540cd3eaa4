"""robots.txt as RFC 9309 has it: the longest matching rule of the group that names us, or of the one for everybody.

Without the file everything may be read; while it cannot be had, nothing. Protego reads the rules, with * and $, and
without regular expressions, which a hostile file could make run for hours.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from protego import Protego

from insta_voice.errors import InvalidInputError, OutgoingError
from insta_voice.knowledge.web.addresses import page_address
from insta_voice.knowledge.web.asking import AGENT, Response

MAX_BYTES: Final = 512_000  # RFC 9309 asks for 500 KiB; what is beyond is not read
_REDIRECTS: Final = 5  # RFC 9309

Ask = Callable[[str], Awaitable[Response]]


class Rules:
    """What a host's robots.txt says to us."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether this page may be read."""
        return self._rules.can_fetch(url, AGENT)

    @property
    def pause_s(self) -> float:
        """The seconds between requests that the file asks for (Crawl-delay, which is not in the RFC)."""
        return self._rules.crawl_delay(AGENT) or 0.0


class Robots:
    """Each host's rules, asked for once by `ask`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, Rules | OutgoingError] = {}

    async def rules(self, url: str) -> Rules:
        """The rules for the host of `url`. OutgoingError while nobody can tell what they are."""
        place = page_address("/robots.txt", url)
        if place not in self._known:
            try:
                self._known[place] = await self._read(place)
            except OutgoingError as error:
                self._known[place] = error
            except InvalidInputError as error:
                self._known[place] = OutgoingError(detail=f"its robots.txt cannot be read: {error.message}")
        known = self._known[place]
        if isinstance(known, OutgoingError):
            raise known
        return known

    async def _read(self, place: str) -> Rules:
        for _ in range(1 + _REDIRECTS):
            response = await self._ask(place)
            if 300 <= response.status < 400 and "location" in response.headers:
                place = page_address(response.headers["location"], place)
                continue
            if 200 <= response.status < 300:
                return Rules(response.content.decode("utf-8-sig", "replace"))
            if 400 <= response.status < 500 and response.status != 429:
                return Rules("")
            raise OutgoingError(detail=f"its robots.txt answers with {response.status}")
        raise OutgoingError(detail="its robots.txt redirects without end")
