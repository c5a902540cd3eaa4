"""An HTTP answer in pieces that a fault can hold up, spoil or cut."""

import asyncio
import json
from typing import Any

from aiohttp import web
from tests.support.openai.checked import Json, new_id
from tests.support.openai.faults import Fault
from tests.support.openai.refusals import Refusal


class Answer:
    """The answer to one request; `delta_s` seconds pass before each piece."""

    def __init__(self, request: web.Request, fault: Fault, delta_s: float) -> None:
        self._request = request
        self._delta_s = delta_s
        self._asked_at_s = asyncio.get_running_loop().time()
        self._sent = 0
        self.fault = fault
        self.response = web.StreamResponse(headers={"x-request-id": new_id("req")})

    async def begin(self, content_type: str) -> None:
        """Send the head."""
        self.response.content_type = content_type
        await self.response.prepare(self._request)

    async def until(self, due_s: float) -> None:
        """Wait until so many seconds after the request."""
        if (left_s := self._asked_at_s + due_s - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left_s)

    async def piece(self, data: bytes) -> None:
        """Send a piece of the body."""
        await asyncio.sleep(self._delta_s)
        await self.fault.during(self._sent, self)
        self._sent += 1
        await self.response.write(data)

    async def event(self, body: Json | str) -> None:
        """Send a server-sent event as a piece."""
        await self.piece(f"data: {body if isinstance(body, str) else json.dumps(body)}\n\n".encode())

    async def json(self, body: Any) -> web.StreamResponse:
        """Send a whole body, in quarters."""
        await self.begin("application/json")
        data = json.dumps(body).encode()
        quarter = -(-len(data) // 4)
        for start in range(0, len(data), quarter):
            await self.piece(data[start : start + quarter])
        return await self.end()

    async def end(self) -> web.StreamResponse:
        """Nothing more follows."""
        await self.response.write_eof()
        return self.response

    async def spoil(self) -> None:
        """See Wire."""
        await self.response.write(b'data: {"id": \n\n')

    def cut(self) -> None:
        """See Wire."""
        if self._request.transport:
            self._request.transport.abort()


def refused(refusal: Refusal) -> web.Response:
    """The error as an answer."""
    headers = {"x-request-id": new_id("req")}
    if refusal.retry_after_s is not None:
        headers["retry-after"] = str(refusal.retry_after_s)
    return web.json_response({"error": refusal.body()}, status=refusal.status, headers=headers)
