"""A mind that answers by script, and a call's parts without a room: for what happens between question and answer."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from livekit import rtc
from livekit.agents import APIConnectionError, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from tests.support.settings import settings_from

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.state import CallState
from insta_voice.calls import Source, Turn
from insta_voice.customers.accounts import CallAccount, StoredAccounts
from insta_voice.db import Database
from insta_voice.knowledge import Context, Evidence, Passage

CALL_ID = UUID("00000000-0000-4000-8000-000000000001")
Part = str | tuple[str, dict[str, Any]] | Exception


class ScriptedMind(llm.LLM[Any]):
    """Says or calls what it is told, one entry a request, a list in parts; keeps every context it was given."""

    def __init__(self, *script: Part | list[Part]) -> None:
        super().__init__()
        self._script = list(script)
        self.contexts: list[llm.ChatContext] = []

    @property
    def model(self) -> str:
        return "scripted"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> llm.LLMStream:
        self.contexts.append(chat_ctx)
        return _Line(self, self._script.pop(0), chat_ctx=chat_ctx, tools=tools or [])


class _Line(llm.LLMStream):
    def __init__(self, mind: ScriptedMind, line: Part | list[Part], **context: Any) -> None:
        self._line = line
        super().__init__(mind, conn_options=APIConnectOptions(max_retry=0), **context)

    async def _run(self) -> None:
        for part in self._line if isinstance(self._line, list) else [self._line]:
            self._give(part)

    def _give(self, part: Part) -> None:
        if isinstance(part, Exception):
            raise part
        if isinstance(part, str):
            delta = llm.ChoiceDelta(role="assistant", content=part)
        else:
            name, arguments = part
            call = llm.FunctionToolCall(name=name, arguments=json.dumps(arguments), call_id=uuid4().hex)
            delta = llm.ChoiceDelta(role="assistant", tool_calls=[call])
        self._event_ch.send_nowait(llm.ChatChunk(id=uuid4().hex, delta=delta))


def mind_is_away() -> Exception:
    return APIConnectionError("away", retryable=False)


class Page:
    """The room as the page sees it: what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    async def sources(self, turn_number: int, sources: Sequence[Source]) -> None:
        self.sent.append(("sources", {"turn": turn_number, "quotes": [source.quote for source in sources]}))

    async def call(self, state: str, reason: str | None = None) -> None:
        self.sent.append(("call", {"state": state, "reason": reason}))


class Notes:
    """A record in memory for tests of what is written, not of how."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._news = asyncio.Event()

    async def write(self, turn: Turn) -> int:
        self.turns.append(turn)
        self._news.set()
        return turn.number

    async def more(self) -> None:
        """Wait for another turn."""
        self._news.clear()
        await self._news.wait()


def passage(text: str = "Open the sign-in page.", title: str = "Reset your password") -> Passage:
    return Passage(1, "a-1", None, 1, title, "Steps", "/help/a-1", text, 0.9, ())


def found(question: str, *passages: Passage, answerable: bool = True) -> tuple[Evidence, ...]:
    return (Evidence(question, question, passages, 0.9 if answerable else 0.1, answerable),)


def call_state(
    db: Database | None = None,
    *,
    gather: Callable[[str, Context], Any] | None = None,
    settings: Mapping[str, str] | None = None,
    **changes: Any,
) -> CallState:
    """The state of a call without a room."""

    async def nothing(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, passage())

    db = db or Database("postgresql://nobody@127.0.0.1:9/none")
    return CallState(
        CALL_ID,
        "maya",
        settings_from({"VOICE_SPEECH_URL": "http://127.0.0.1:9", **(settings or {})}),
        db,
        evidence=TurnEvidence(gather or nothing),
        **{"account": CallAccount(StoredAccounts(db), "maya", keep_s=0), **changes},
    )


def journal_into(notes: Notes, page: Page) -> tuple[Journal, Recorder]:
    """A journal that writes into `notes` and sends to `page`; run the recorder."""
    recorder = Recorder(notes.write, next_number=1)
    return Journal(recorder, channel_to(page)), recorder


def channel_to(page: Page) -> RoomChannel:
    """The room's channel, at whose other end is `page`."""
    channel = RoomChannel(rtc.Room())
    channel.sources = page.sources  # type: ignore[method-assign]
    channel.call = page.call  # type: ignore[method-assign]
    return channel
