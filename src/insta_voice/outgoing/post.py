"""One signed POST of JSON: to the address that was checked, without redirects, bounded in time and in size."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx

from insta_voice.errors import OutgoingError
from insta_voice.outgoing.addresses import Reach, Resolver, allowed_addresses, resolve
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
    signed = {"X-Insta-Timestamp": timestamp, "X-Insta-Signature": sign(secret, timestamp, body), **(headers or {})}
    try:
        async with asyncio.timeout(timeout_s):
            addresses = await allowed_addresses(target, resolver, reach=reach)
            requests = [_request(target, address, body, signed) for address in addresses]
            return await _first_that_connects(requests, timeout_s, answer_bytes)
    except TimeoutError:
        raise OutgoingError(detail=f"no answer within {timeout_s:g} s") from None
    except httpx.HTTPError as error:
        raise OutgoingError(detail=type(error).__name__) from error


def _request(target: httpx.URL, address: str, body: bytes, headers: Mapping[str, str]) -> httpx.Request:
    """Connecting to an address that was checked, not to the name, leaves a second look-up nothing to change."""
    return httpx.Request(
        "POST",
        target.copy_with(host=address),
        content=body,
        headers={
            "Host": target.netloc.decode(),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # a small answer may unpack into an endless one
            **headers,
        },
        extensions={"sni_hostname": target.host},
    )


async def _first_that_connects(requests: list[httpx.Request], timeout_s: float, answer_bytes: int) -> Answer:
    """localhost is ::1 and 127.0.0.1, and many servers listen on one of them. What connects is not sent again."""
    *others, last = requests
    timeout = httpx.Timeout(timeout_s, connect=timeout_s / len(requests))
    for request in requests:
        request.extensions["timeout"] = timeout.as_dict()
    for request in others:
        try:
            return await _sent(request, answer_bytes)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _sent(last, answer_bytes)


async def _sent(request: httpx.Request, answer_bytes: int) -> Answer:
    verify = await asyncio.to_thread(_trusted) if request.url.scheme == "https" else False
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False, verify=verify) as client:
        response = await client.send(request, stream=True)
        try:
            content = await _read(response, answer_bytes) if answer_bytes and response.is_success else b""
        finally:
            await response.aclose()  # what is not read is of no use, and may be without end
    return Answer(response.status_code, content)


async def _read(response: httpx.Response, most: int) -> bytes:
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > most:
            raise OutgoingError(detail=f"the answer is longer than {most} bytes")
    return bytes(content)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms: once a process, and not in the event loop."""
    return httpx.create_ssl_context()
