"""The local speech server's two sockets without its models: it speaks what can be read, hears by reading, and fails
as it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.memory_call import legible
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from insta_voice.voice.local.client import PIPER_SAMPLE_RATE

# As long as they took in our measurements (docs/voice.md): recognition of nothing and of a second more, a half of it
# with most of the words in a draft, and the first clause of an answer.
_RECOGNITION_S, _RECOGNITION_PER_S, _DRAFTED = 0.03, 0.08, 0.5
_SPEECH_S = 0.13


@dataclass(frozen=True, slots=True)
class Late:
    """Does it, so much later; what is asked meanwhile is not held up."""

    by_s: float


@dataclass(frozen=True, slots=True)
class Hangs:
    """Takes what it is asked, and is never heard of again."""


@dataclass(frozen=True, slots=True)
class Refuses:
    """Says that it cannot."""


@dataclass(frozen=True, slots=True)
class StopsMidway:
    """Speaks half of what it is asked, and nothing more."""


Fault = Late | Hangs | Refuses | StopsMidway


class ScriptedSpeech:
    """The server, and what is wrong with it."""

    def __init__(self) -> None:
        self.hearing: Fault | None = None
        self.speaking: Fault | None = None
        self._server: Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def comes(self) -> None:
        """It listens, at the same address each time."""
        handler = self._answer
        self._server = await serve(handler, "127.0.0.1", self._port, compression=None, ping_interval=None)
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def goes(self) -> None:
        """It is killed: whoever waits is told, and nobody listens any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _answer(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        late = set[asyncio.Task[None]]()
        try:
            await (self._hear if socket.request.path.endswith("/stt") else self._speak)(socket, late)
        finally:
            for task in late:
                task.cancel()

    async def _do(
        self, fault: Fault | None, work: Callable[[], Coroutine[Any, Any, None]], late: set[asyncio.Task[None]]
    ) -> None:
        async def done(after_s: float) -> None:
            await asyncio.sleep(after_s)
            with contextlib.suppress(ConnectionClosed):
                await work()

        if not isinstance(fault, Late):
            await done(0.0)
            return
        late.add(task := asyncio.create_task(done(fault.by_s), name="speech-comes-late"))
        task.add_done_callback(late.discard)

    async def _hear(self, socket: ServerConnection, late: set[asyncio.Task[None]]) -> None:
        segment, pcm, drafted = "", b"", False
        async for message in socket:
            if isinstance(message, bytes):
                pcm += message
                continue
            asked = json.loads(message)
            if asked["type"] == "start":
                segment, pcm, drafted = asked["segment"], b"", bool(asked["draft"])
            elif asked["type"] in ("partial", "flush"):
                if isinstance(self.hearing, Refuses):
                    await socket.send(json.dumps({"type": "error", "segment": segment, "code": "speech_unavailable"}))
                elif not isinstance(self.hearing, Hangs):
                    kind = "final" if asked["type"] == "flush" else "partial"
                    await self._do(self.hearing, partial(_recognised, socket, kind, segment, pcm, drafted), late)

    async def _speak(self, socket: ServerConnection, late: set[asyncio.Task[None]]) -> None:
        async for message in socket:
            asked = json.loads(message)
            if asked["type"] != "speak":
                continue
            if isinstance(self.speaking, Refuses):
                await socket.send(json.dumps({"type": "error", "id": asked["id"], "code": "speech_unavailable"}))
            elif not isinstance(self.speaking, Hangs):
                share = 0.5 if isinstance(self.speaking, StopsMidway) else 1.0
                await self._do(self.speaking, partial(_spoken, socket, asked["text"], asked["id"], share), late)


@asynccontextmanager
async def serving_speech() -> AsyncIterator[ScriptedSpeech]:
    """One, for as long as the block lasts."""
    speech = ScriptedSpeech()
    await speech.comes()
    try:
        yield speech
    finally:
        await speech.goes()


async def _recognised(socket: ServerConnection, kind: str, segment: str, pcm: bytes, drafted: bool) -> None:
    takes_s = _RECOGNITION_S + _RECOGNITION_PER_S * len(pcm) / 32_000
    await asyncio.sleep(takes_s * (_DRAFTED if drafted else 1.0))
    text = "".join(letter.text for letter in legible.read(pcm, 16_000)).strip()
    tokens = [ord(letter) for letter in text]
    told = {"audio_s": len(pcm) / 32_000, "compute_ms": 300.0, "confidence": 0.9, "level_dbfs": -20.0}
    await socket.send(json.dumps({"type": kind, "segment": segment, "text": text, "tokens": tokens, **told}))


async def _spoken(socket: ServerConnection, text: str, name: str, share: float) -> None:
    await asyncio.sleep(_SPEECH_S)
    said = text[: round(len(text) * share)]
    pcm = legible.say(said, PIPER_SAMPLE_RATE)
    about = {"start": 0, "end": len(said), "pause_s": 0.0, "audio_s": len(pcm) / 2 / PIPER_SAMPLE_RATE}
    await socket.send(json.dumps({"type": "piece", "id": name, **about}))
    await socket.send(pcm)
    if said == text:
        await socket.send(json.dumps({"type": "done", "id": name, "cancelled": False}))
