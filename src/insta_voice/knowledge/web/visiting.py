"""Pages looked at as a guest does: robots.txt is obeyed and hosts are given their pauses, at each redirect anew."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from insta_voice.errors import AddressRefusedError, InvalidInputError, OutgoingError
from insta_voice.knowledge.retry_after import seconds_to_wait
from insta_voice.knowledge.web.addresses import Door, page_address, place_of
from insta_voice.knowledge.web.asking import TIMEOUT_S, Response, ask
from insta_voice.knowledge.web.pace import Pace
from insta_voice.knowledge.web.robots import MAX_BYTES as ROBOTS_BYTES
from insta_voice.knowledge.web.robots import Robots

PAGE_BYTES: Final = 20_000_000  # a manual with pictures; what each kind of document may have is `formats`' to say
_REDIRECTS: Final = 5
_TEMPORARY, _PERMANENT = (302, 303, 307), (301, 308)
_TOO_MANY: Final = 429  # of our requests, whichever page; 503 may be one page's trouble
_BUSY: Final = (_TOO_MANY, 503)
_ATTEMPTS: Final = 3
_LONGEST_WAIT_S: Final = 120.0  # who wants longer than that is left alone until the next ingest
_SILENT_AFTER: Final = 3  # requests in a row without an answer: each costs 20 s, and the next would too
_LONGEST_VALIDATOR: Final = 1000
_ACCEPT: Final = "text/html, application/xhtml+xml, application/pdf, text/markdown, text/plain, */*;q=0.1"


class NotAllowedError(InvalidInputError):
    """The site's robots.txt does not let us read it."""

    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a server knows whether a page has changed since."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> Mapping[str, str]:
        """The question whether it has."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of a page. `url` is where the redirects ended, `moved` whether all of them were for good."""

    url: str
    outcome: Literal["read", "unchanged", "gone"]
    moved: bool = False
    content: bytes = b""
    content_type: str | None = None
    validators: Validators = Validators()


Known = Callable[[str], Awaitable[Validators]]


class Visitor:
    """Visits pages, one after the other."""

    def __init__(self, door: Door, pace: Pace | None = None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._door = door
        self._pace = pace or Pace()
        self._timeout_s = timeout_s
        self._robots = Robots(lambda url: self._ask(url, ROBOTS_BYTES))
        self._silent: Counter[str] = Counter()

    async def visit(self, url: str, *, known: Known | None = None, most_bytes: int = PAGE_BYTES) -> Visit:
        """Look at a page. `known` gives the validators under which its content is here already.

        NotAllowedError, InvalidInputError, AddressRefusedError: this page is not read. OutgoingError: not now.
        """
        asked, moved = [url], True
        while True:
            here = asked[-1]
            validators = await known(here) if known else Validators()
            response = await self._ask_as_guest(here, most_bytes, validators)
            if (target := _redirect(response, here)) is None:
                return _visit(response, here, moved=moved and len(asked) > 1, asked_for=validators)
            if target in asked:
                raise InvalidInputError("It redirects in a circle.")
            if len(asked) > _REDIRECTS:
                raise InvalidInputError(f"It redirects more than {_REDIRECTS} times.")
            moved = moved and response.status in _PERMANENT
            asked.append(target)

    async def _ask_as_guest(self, url: str, most_bytes: int, validators: Validators) -> Response:
        rules = await self._robots.rules(url)
        if not rules.allows(url):
            raise NotAllowedError
        headers = {"Accept": _ACCEPT, **validators.headers()}
        for _ in range(_ATTEMPTS):
            response = await self._ask(url, most_bytes, headers, pause_s=rules.pause_s)
            if response.status not in _BUSY:
                return response
            wait_s = seconds_to_wait(response.headers.get("retry-after"))
            if wait_s is None or wait_s > _LONGEST_WAIT_S:
                break
            self._pace.rest(place_of(url), wait_s)
        if wait_s is not None or response.status == _TOO_MANY:
            self._silent[place_of(url)] = _SILENT_AFTER
        raise OutgoingError(detail=f"its server has enough for now ({response.status})")

    async def _ask(
        self, url: str, most_bytes: int, headers: Mapping[str, str] | None = None, *, pause_s: float = 0.0
    ) -> Response:
        place = place_of(url)
        if self._silent[place] >= _SILENT_AFTER:
            raise OutgoingError(detail=f"{place} is not asked any more: it gives no answers, or wants no more requests")
        await self._pace.wait(place)
        try:
            response = await ask(url, self._door, most_bytes=most_bytes, headers=headers, timeout_s=self._timeout_s)
        except AddressRefusedError:
            raise
        except OutgoingError:
            self._silent[place] += 1
            raise
        finally:
            self._pace.asked(place, pause_s)
        self._silent[place] = 0
        return response


def _redirect(response: Response, url: str) -> str | None:
    if response.status in _TEMPORARY + _PERMANENT and (target := response.headers.get("location")):
        return page_address(target, url)
    return None


def _visit(response: Response, url: str, *, moved: bool, asked_for: Validators) -> Visit:
    status, headers = response.status, response.headers
    if status == 304 and asked_for.headers():
        return Visit(url, "unchanged", moved, validators=asked_for)
    if status in (404, 410):
        return Visit(url, "gone", moved)
    if status in (401, 403):
        raise InvalidInputError(f"It is not for everybody: its server asks for a sign-in or refuses us ({status}).")
    if status != 200:
        raise OutgoingError(detail=f"its server answers with {status}")
    if not response.is_whole:
        raise InvalidInputError(f"It is larger than {len(response.content) / 1_000_000:g} MB.")
    validators = Validators(_sendable(headers.get("etag")), _sendable(headers.get("last-modified")))
    return Visit(url, "read", moved, response.content, headers.get("content-type"), validators)


def _sendable(value: str | None) -> str | None:
    """A validator that can be kept and sent back; a server may send anything."""
    return value if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable() else None
