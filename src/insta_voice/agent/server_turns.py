"""The caller's turns where the realtime model's server decides them: when one is over, and what was said in it.

The server hears, answers and transcribes by itself; its words may come after its answer has begun. A turn has its
number as soon as it is over, so that the record has question and answer in their order.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from livekit.agents import AgentSession, llm
from livekit.agents.voice import SpeechCreatedEvent

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.recorder import OpenTurn
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.state import CallState

_TRANSCRIBED = "conversation.item.input_audio_transcription"
# OpenAI has them half a second after a turn. No later turn is written before it is: the record does not wait for a
# server that never transcribes.
_WORDS_WITHIN_S = 10.0


class ServerTurn:
    """One of them, from its end on."""

    def __init__(self, turn: OpenTurn) -> None:
        self.turn = turn
        self.words = ""
        self.heard = asyncio.Event()  # its words are known, or will not be
        self.reply: Reply | None = None
        self.settled = asyncio.Event()  # it has its reply, or the caller goes on


class ServerTurns:
    """One per call. `turn_over` is called with each turn: its answer is to begin; `cut_off` when the connection was
    made anew while the caller spoke.
    """

    def __init__(self, session: AgentSession[CallState], journal: Journal, evidence: TurnEvidence) -> None:
        self._journal = journal
        self._evidence = evidence
        self._open: dict[str, ServerTurn] = {}  # without words yet, by the server's name of the item
        self._last: ServerTurn | None = None
        self._connection: llm.RealtimeSession[Any] | None = None
        self._goes_on = asyncio.Event()
        self.speaking = False
        self.turn_over: Callable[[ServerTurn], None] = lambda turn: None
        self.cut_off: Callable[[], None] = lambda: None
        self.on_activity: Callable[[], None] = lambda: None
        session.on("speech_created", self._speech_created)

    def listen_to(self, connection: llm.RealtimeSession[Any]) -> None:
        """Follow what its server says."""
        self._connection = connection
        connection.on("openai_server_event_received", self._event)
        connection.on("session_reconnected", self._connected_anew)

    def leave(self) -> bool:
        """Somebody stands in for the model: what its server says counts no more. True when the caller was in the middle
        of a turn, which nobody else has heard from its beginning.
        """
        if self._connection is not None:
            self._connection.off("openai_server_event_received", self._event)
            self._connection.off("session_reconnected", self._connected_anew)
            self._connection = None
        cut, self._last = self._lost(), None
        return cut

    async def goes_on(self, within_s: float) -> bool:
        """Whether the caller, who was cut off, speaks on."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._goes_on.wait(), within_s)
        return self._goes_on.is_set()

    async def last_words(self, within_s: float) -> str:
        """What was said in the last turn, nothing when it is not known in time, or the caller is in the next."""
        if (turn := self._last) is None or self.speaking:
            return ""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(turn.heard.wait(), within_s)
        return turn.words

    def _lost(self) -> bool:
        """A server's memory is gone: nothing comes any more of a turn that has no words, or is not over."""
        for item_id in tuple(self._open):
            self._said(item_id, "")
        cut, self.speaking = self.speaking, False
        if cut:
            self._last = None  # the caller has gone on from it
        return cut

    def _connected_anew(self, _: llm.RealtimeSessionReconnectedEvent) -> None:
        if self._lost():
            self._goes_on.clear()
            self.cut_off()

    def _event(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "input_audio_buffer.speech_started":
                self.speaking = True
                self._goes_on.set()
                self.on_activity()
                if self._last is not None:
                    self._last.settled.set()
            case "input_audio_buffer.speech_stopped":
                self.speaking = False
            case "input_audio_buffer.committed":
                self._over(event["item_id"])
            case kind if kind == f"{_TRANSCRIBED}.completed":
                self._said(event["item_id"], event["transcript"].strip())
            case kind if kind == f"{_TRANSCRIBED}.failed":
                self._said(event["item_id"], "")

    def _over(self, item_id: str) -> None:
        self._evidence.begin_turn(item_id)
        turn = self._last = self._open[item_id] = ServerTurn(self._journal.caller_stopped())
        asyncio.get_running_loop().call_later(_WORDS_WITHIN_S, self._said, item_id, "")
        self.turn_over(turn)

    def _said(self, item_id: str, words: str) -> None:
        if (turn := self._open.pop(item_id, None)) is None:
            return
        turn.words = words
        turn.heard.set()
        self._journal.caller_was_heard(turn.turn, words, newest=turn is self._last, reply=turn.reply)

    def _speech_created(self, event: SpeechCreatedEvent) -> None:
        """The journal has its reply already. What the server answers by itself answers the last turn."""
        turn = self._last
        if turn is None or event.user_initiated or event.source != "generate_reply" or turn.settled.is_set():
            return
        turn.reply = self._journal.reply
        turn.settled.set()
        if turn.reply is not None:
            turn.reply.question = turn.words
