"""One GET of one address: to where the door lets out, bounded in time and, unpacked, in size."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import httpx

from insta_voice.errors import InvalidInputError, OutgoingError
from insta_voice.knowledge.web.addresses import Door
from insta_voice.knowledge.web.unpacking import Unpacker
from insta_voice.outgoing import asking

AGENT: Final = "insta-voice"
"""The name that robots.txt knows us by."""

_USER_AGENT: Final = f"{AGENT}/{version('insta-voice')} (reads help pages for a company's own support)"
TIMEOUT_S: Final = 20.0  # from the look-up of the name to the last byte; help pages take one or two


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `content` is empty unless it is a success; `is_whole` is False when it was cut off."""

    status: int
    headers: httpx.Headers
    content: bytes
    is_whole: bool


async def ask(
    url: str, door: Door, *, most_bytes: int, headers: Mapping[str, str] | None = None, timeout_s: float = TIMEOUT_S
) -> Response:
    """Ask for `url`. OutgoingError, with its reason as `detail`, when there is no answer in time or the address is
    refused; InvalidInputError when the answer cannot be unpacked.
    """
    target = httpx.URL(url)
    sent = {"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip", **(headers or {})}
    try:
        async with asyncio.timeout(timeout_s):
            addresses = await door.addresses(target)
            async with asking("GET", target, addresses, headers=sent, timeout_s=timeout_s) as response:
                content, is_whole = await _read(response, most_bytes) if response.is_success else (b"", True)
                return Response(response.status_code, response.headers, content, is_whole)
    except TimeoutError:
        raise OutgoingError(detail=f"no whole answer within {timeout_s:g} s") from None
    except httpx.HTTPError as error:
        raise OutgoingError(detail=f"the connection failed ({type(error).__name__})") from error


async def _read(response: httpx.Response, most: int) -> tuple[bytes, bool]:
    """The body up to `most` bytes, and whether that is all of it."""
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip", ""):
        raise InvalidInputError("It is packed in a way that was not asked for.")
    unpacker = Unpacker() if packed.endswith("gzip") else None
    content = bytearray()
    async for piece in response.aiter_raw():
        content += unpacker.unpack(piece, most + 1 - len(content)) if unpacker else piece
        if len(content) > most:
            return bytes(content[:most]), False
    if unpacker and not unpacker.is_whole:
        raise InvalidInputError("It is cut off: the gzip has no end.")
    return bytes(content), True
