"""Waiting until a part answers over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx

_POLL_S = 0.1
_TIMEOUT_S = 2.0


def http_answers(url: str) -> Callable[[], Awaitable[None]]:
    """Returns once GET `url` gives 200; asks until cancelled."""

    async def wait() -> None:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            while True:
                try:
                    if (await client.get(url)).status_code == httpx.codes.OK:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(_POLL_S)

    return wait
