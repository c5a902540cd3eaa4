"""One signed POST of JSON: to the address that was checked, without redirects, bounded in time and in size."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from insta_voice.errors import OutgoingError
from insta_voice.outgoing.addresses import Reach, Resolver, allowed_addresses, resolve
from insta_voice.outgoing.pinned import asking
from insta_voice.outgoing.signing import sign


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `content` is empty unless it was asked for."""

    status: int
    content: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it (2xx)."""
        return 200 <= self.status < 300


async def post_signed(
    url: str,
    payload: Mapping[str, object],
    *,
    secret: str,
    timestamp: str,
    timeout_s: float,
    reach: Reach,
    headers: Mapping[str, str] | None = None,
    answer_bytes: int = 0,
    resolver: Resolver = resolve,
) -> Answer:
    """POST `payload` as JSON, signed with `secret`; at most `timeout_s` from the look-up of the name to the last byte.

    `answer_bytes` is the most of an answer that is read: a longer one is refused; 0 reads nothing. OutgoingError
    when nobody answers in time, or the address is not within `reach`. Its detail holds no personal data.
    """
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        raise OutgoingError(detail="its address is none") from None
    body = json.dumps(payload, ensure_ascii=False).encode()
    signed = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # a small answer may unpack into an endless one
        "X-Insta-Timestamp": timestamp,
        "X-Insta-Signature": sign(secret, timestamp, body),
        **(headers or {}),
    }
    try:
        async with asyncio.timeout(timeout_s):
            addresses = await allowed_addresses(target, resolver, reach=reach)
            async with asking("POST", target, addresses, headers=signed, content=body, timeout_s=timeout_s) as response:
                content = await _read(response, answer_bytes) if answer_bytes and response.is_success else b""
                return Answer(response.status_code, content)
    except TimeoutError:
        raise OutgoingError(detail=f"no answer within {timeout_s:g} s") from None
    except httpx.HTTPError as error:
        raise OutgoingError(detail=type(error).__name__) from error


async def _read(response: httpx.Response, most: int) -> bytes:
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > most:
            raise OutgoingError(detail=f"the answer is longer than {most} bytes")
    return bytes(content)
