"""A connection of the Realtime API: what came and went over it, in order."""

import asyncio
import contextlib
import copy
import json
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web
from tests.support.openai.checked import Json, new_id, realtime_event
from tests.support.openai.faults import Fault, Gone, SessionExpired
from tests.support.openai.realtime.config import default_config
from tests.support.openai.realtime.conversation import Conversation, Rejected
from tests.support.openai.realtime.microphone import Microphone
from tests.support.openai.realtime.orders import Orders
from tests.support.openai.realtime.response import Response

if TYPE_CHECKING:
    from tests.support.openai.server import ScriptedOpenAI

_LAST_WORDS = "Your session hit the maximum duration of 60 minutes."


class Session:
    """Tests read `log`, `got` and `sent`, and may `cut` or `expire` it at any moment."""

    def __init__(self, openai: "ScriptedOpenAI", request: web.Request, fault: Fault) -> None:
        self.openai = openai
        self.id = new_id("sess")
        self.conversation_id = new_id("conv")
        self.conversation = Conversation()
        self.microphone = Microphone()
        self.config = default_config(self.id, request.query["model"])
        self.turn_item = ""  # the item of a turn that the server's detection has begun
        self.seen: list[str] = []  # the items of the last response's context, which are cached
        self.log: list[tuple[str, Json]] = []  # ("got" or "sent", event), as they came
        self._request = request
        self._fault = fault
        self._ws = web.WebSocketResponse()
        self._response: Response | None = None
        self._news = asyncio.Event()
        self._sent = 0
        self._later: list[asyncio.Task[None]] = []

    async def hold(self) -> web.StreamResponse:
        """Serve the connection to its end."""
        await self._fault.before(self)
        await self._ws.prepare(self._request)
        self.openai.connected(self)
        try:
            await self.send("session.created", session=self.config)
            orders = Orders(self)
            async for message in self._ws:
                if message.type == WSMsgType.TEXT:
                    await self._take(orders, json.loads(message.data))
        except SessionExpired:
            await self.expire()
        except (Gone, ConnectionError):
            pass
        finally:
            if self._response:
                await self._response.stop()
            for task in self._later:
                task.cancel()
        return self._ws

    async def _take(self, orders: Orders, event: Json) -> None:
        self._note("got", event)
        try:
            await orders.take(event)
        except Rejected as error:
            await self.send("error", error={**error.error, "event_id": event.get("event_id")})

    async def send(self, kind: str, **fields: Any) -> None:
        """Send an event, once it is known to be OpenAI's."""
        event = realtime_event(kind, **fields)
        await self._fault.during(self._sent, self)
        self._sent += 1
        await self._put(event)

    async def _put(self, event: Json) -> None:
        self._note("sent", copy.deepcopy(event))
        await self._ws.send_str(json.dumps(event))

    def respond(self, asked: Json) -> None:
        """Begin a response. Rejected while another is active."""
        fault = self.openai.fault("response")
        if self.active or fault.overlaps:
            active = self.active.id if self.active else new_id("resp")
            problem = f"Conversation already has an active response in progress: {active}."
            advice = "Wait until the response is finished before creating a new one."
            raise Rejected("conversation_already_has_active_response", f"{problem} {advice}")
        self._response = Response(self, asked, fault)

    def later(self, after_s: float, sending: Coroutine[Any, Any, None]) -> None:
        """Send it after a while, if the connection is there then."""

        async def send() -> None:
            try:
                await asyncio.sleep(after_s)
                with contextlib.suppress(Gone, ConnectionError):
                    await sending
            finally:
                sending.close()

        self._later.append(asyncio.create_task(send(), name="send-later"))

    @property
    def active(self) -> Response | None:
        """The response that is going on."""
        return self._response if self._response and self._response.active else None

    @property
    def turn_detection(self) -> Json | None:
        """The server's own, where it is on."""
        detection: Json | None = self.config["audio"]["input"]["turn_detection"]
        return detection

    def got(self, kind: str) -> list[Json]:
        """The client's events of this type."""
        return [event for way, event in self.log if way == "got" and event["type"] == kind]

    def sent(self, kind: str) -> list[Json]:
        """The server's events of this type."""
        return [event for way, event in self.log if way == "sent" and event["type"] == kind]

    async def until(self, kind: str, count: int = 1) -> Json:
        """The event of this type, and of this number, once it came or went."""
        while len(found := [event for _, event in self.log if event["type"] == kind]) < count:
            self._news.clear()
            await self._news.wait()
        return found[count - 1]

    def _note(self, way: str, event: Json) -> None:
        self.log.append((way, event))
        self._news.set()

    async def spoil(self) -> None:
        """Send half an event."""
        await self._ws.send_str('{"type": "response.output_')

    def cut(self) -> None:
        """Cut the socket, without a goodbye."""
        if self._request.transport:
            self._request.transport.abort()

    async def expire(self) -> None:
        """End it as its longest time does: an error, then the end of the socket."""
        error = {"type": "invalid_request_error", "code": "session_expired", "message": _LAST_WORDS, "param": None}
        await self._put(realtime_event("error", error={**error, "event_id": None}))
        await self._ws.close(code=WSCloseCode.GOING_AWAY, message=_LAST_WORDS.encode(), drain=True)
