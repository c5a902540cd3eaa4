"""OpenAI's realtime model, as a call can survive it."""

import asyncio
from typing import Any

from livekit.agents import APIConnectionError, llm
from livekit.plugins import openai

_GREETED_WITHIN_S = 3.0  # it takes some tenths of a second; nobody waits for it
_CLOSED_WITHIN_S = 0.2  # a goodbye on the network; the tries to connect again are 2 s apart


class RealtimeModel(openai.realtime.RealtimeModel):
    """LiveKit's, with sessions that can be given up, and made ahead."""

    _ahead: "RealtimeSession | None" = None

    def session(self, *, turn_detection_disabled: bool = False) -> "RealtimeSession":
        """A new one, or that which was handed over."""
        ahead, self._ahead = self._ahead, None
        return ahead or RealtimeSession(self, turn_detection_disabled=turn_detection_disabled)

    async def connect(self) -> "RealtimeSession":
        """A session that the server has greeted. APIConnectionError when it refuses or is away, TimeoutError when it
        says nothing.
        """
        session = RealtimeSession(self)
        answered = asyncio.Event()
        session.once("openai_server_event_received", lambda _: answered.set())
        session.once("error", lambda _: answered.set())  # which makes it one that is not connected
        try:
            await asyncio.wait_for(answered.wait(), _GREETED_WITHIN_S)
            if not session.connected.is_set():
                raise APIConnectionError("no session")
        except BaseException:
            await session.aclose()
            raise
        return session

    def hand_over(self, session: "RealtimeSession") -> None:
        """The next agent has this one."""
        self._ahead = session


class RealtimeSession(openai.realtime.RealtimeSession):
    """LiveKit's, which holds nobody up once it has failed."""

    def __init__(self, model: RealtimeModel, *, turn_detection_disabled: bool = False) -> None:
        super().__init__(model, turn_detection_disabled=turn_detection_disabled)
        self._given_up = asyncio.Event()
        self.connected = asyncio.Event()  # not while a lost connection is tried again
        self.connected.set()
        self._heard = ""
        self.on("error", self._failed)
        self.on("openai_server_event_received", self._received)

    def heard(self, words: str) -> None:
        """What our own recogniser made of the sound that is committed next. A connection that is lost is made again
        with what has words, and the model's own transcription is off where turns are decided here.
        """
        self._heard = f"{self._heard} {words}".strip()  # together with those of a sound that was not taken

    def give_up(self) -> None:
        """Another agent takes over: nothing is waited for any more."""
        self._given_up.set()

    async def update_chat_ctx(self, chat_ctx: llm.ChatContext) -> None:
        """RealtimeError at once when the session is given up: LiveKit's waits 5 s for an answer that cannot come, and
        an agent is not exchanged before that.
        """
        updating = asyncio.ensure_future(super().update_chat_ctx(chat_ctx))
        giving_up = asyncio.ensure_future(self._given_up.wait())
        try:
            await asyncio.wait({updating, giving_up}, return_when=asyncio.FIRST_COMPLETED)
            if not updating.done():
                raise llm.RealtimeError("the session is given up")
            updating.result()
        finally:
            updating.cancel()
            giving_up.cancel()

    async def aclose(self) -> None:
        """Raises nothing and waits for no try to connect again. LiveKit's raises what the session failed of, and so the
        agent session could not go on to another agent.
        """
        closing = asyncio.ensure_future(super().aclose())
        await asyncio.wait({closing}, timeout=_CLOSED_WITHIN_S)
        closing.cancel()
        await asyncio.wait({closing})
        if not closing.cancelled():
            closing.exception()  # seen

    def _received(self, event: dict[str, Any]) -> None:
        self.connected.set()
        item = event["item"] if event.get("type") == "conversation.item.added" else {}
        if self._heard and any(part.get("type") == "input_audio" for part in item.get("content") or ()):
            words, self._heard = self._heard, ""
            asyncio.get_running_loop().call_soon(self._put_into_words, item["id"], words)  # once LiveKit has the item

    def _put_into_words(self, item_id: str, words: str) -> None:
        item = self.chat_ctx.get_by_id(item_id)
        if isinstance(item, llm.ChatMessage):
            item.content.append(words)

    def _failed(self, event: llm.RealtimeModelError) -> None:
        """A response that failed, or an order that was refused, came over a connection that is whole."""
        if isinstance(event.error, APIConnectionError) or not event.recoverable:
            self.connected.clear()
