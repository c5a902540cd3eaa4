"""One request to addresses that were checked: connected to by number, under the name's own Host and certificate."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache

import httpx


@asynccontextmanager
async def asking(
    method: str,
    target: httpx.URL,
    addresses: Sequence[str],
    *,
    headers: Mapping[str, str],
    timeout_s: float,
    content: bytes | None = None,
) -> AsyncIterator[httpx.Response]:
    """What the first of `addresses` that connects answers: without redirects, its body not read yet.

    `timeout_s` bounds each step of it; the caller bounds the whole. httpx.HTTPError when there is no answer.
    """
    requests = [_request(method, target, address, headers, content) for address in addresses]
    verify = await asyncio.to_thread(_trusted) if target.scheme == "https" else False
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False, verify=verify) as client:
        response = await _first_that_connects(client, requests, timeout_s)
        try:
            yield response
        finally:
            await response.aclose()  # what is not read is of no use, and may be without end


def _request(
    method: str, target: httpx.URL, address: str, headers: Mapping[str, str], content: bytes | None
) -> httpx.Request:
    """Connecting to an address that was checked, not to the name, leaves a second look-up nothing to change."""
    return httpx.Request(
        method,
        target.copy_with(host=address),
        content=content,
        headers={"Host": target.netloc.decode(), **headers},
        extensions={"sni_hostname": target.host},
    )


async def _first_that_connects(
    client: httpx.AsyncClient, requests: Sequence[httpx.Request], timeout_s: float
) -> httpx.Response:
    """localhost is ::1 and 127.0.0.1, and many servers listen on one of them. What connects is not sent again."""
    *others, last = requests
    timeout = httpx.Timeout(timeout_s, connect=timeout_s / len(requests))
    for request in requests:
        request.extensions["timeout"] = timeout.as_dict()
    for request in others:
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await client.send(last, stream=True)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms: once a process, and not in the event loop."""
    return httpx.create_ssl_context()
