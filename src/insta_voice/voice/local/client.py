"""`SpeechClient`: what a call asks of the speech server, over lasting connections.

A request that is under way when the server dies is repeated, speech from the piece that was not yet there: a
restart costs time and no words. Cancelling a coroutine takes the request back.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

from insta_voice.errors import SpeechServerError
from insta_voice.voice.local.connection import Connection, ConnectionBrokeError

PIPER_SAMPLE_RATE = 22_050
# A restarted server listens again after 2 s and then answers as soon as its models are loaded. Who cannot
# wait so long puts a shorter timeout around the request.
PATIENCE_S = 6.0
ATTEMPTS = 3  # of one request: the server may be killed again while it is repeated
# A server that is silent for longer is stuck; it may be loading its models (LOADING_S of state.py) after a restart.
ANSWER_TIMEOUT_S = 30.0
_AFTER_CHARS = 20  # only the ending matters


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was recognised in `audio_s` seconds of audio, and how long the model took.

    `confidence` 0 to 1 is the geometric mean of the tokens' probabilities; `level_dbfs` the loudness of the
    speech; `tokens` the draft for the same audio when there is more of it.
    """

    text: str
    audio_s: float
    compute_ms: float
    confidence: float
    level_dbfs: float
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """The speech of text[start:end].

    16-bit mono at PIPER_SAMPLE_RATE, `audio_s` long with `pause_s` before.
    """

    start: int
    end: int
    pause_s: float
    audio_s: float
    pcm16: bytes


class SpeechClient:
    """One a process, used on one event loop."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        """`url` is VOICE_SPEECH_URL; `patience_s` how long a request waits for a restarted server."""
        self._stt = Connection(url, "/v1/stream/stt", "segment", patience_s=patience_s)
        self._tts = Connection(url, "/v1/stream/tts", "id", patience_s=patience_s)
        self._names = (str(number) for number in itertools.count(1))

    async def transcribe(
        self, pcm16: bytes, sample_rate: int = 16_000, *, final: bool, draft: Sequence[int] = ()
    ) -> Transcript:
        """The words in signed 16-bit mono audio. `draft`: the tokens of what was recognised of its beginning; it is
        quicker with them.

        A final goes before everybody's partials. SpeechServerError.
        """
        for _ in range(ATTEMPTS - 1):
            with contextlib.suppress(ConnectionBrokeError):
                return await self._transcribe(pcm16, sample_rate, final, draft)
        return await self._transcribe(pcm16, sample_rate, final, draft)

    async def _transcribe(self, pcm16: bytes, sample_rate: int, final: bool, draft: Sequence[int]) -> Transcript:
        name = next(self._names)
        start = {"type": "start", "segment": name, "sample_rate": sample_rate, "draft": list(draft)}
        end = {"type": "flush" if final else "partial"}
        async with self._stt.ask(name, start, pcm16, end) as answers:
            try:
                async with asyncio.timeout(ANSWER_TIMEOUT_S):
                    message, _ = await answers.next()
            except TimeoutError as error:
                raise SpeechServerError(detail="no transcript in time") from error
            except asyncio.CancelledError:
                await self._stt.tell({"type": "cancel", "segment": name})
                raise
        return Transcript(
            text=message["text"],
            audio_s=message["audio_s"],
            compute_ms=message["compute_ms"],
            confidence=message["confidence"],
            level_dbfs=message["level_dbfs"],
            tokens=tuple(message.get("tokens", ())),
        )

    async def speak(
        self, text: str, *, speed: float = 1.0, after: str = "", ahead: bool = False
    ) -> AsyncGenerator[SpokenPiece, None]:
        """The speech of `text`, a piece at a time, the first soon. SpeechServerError when the server is lost.

        `after` is what was spoken just before, if this goes on from it. `ahead`: nobody waits for it yet. Close the
        generator to cancel.
        """
        spoken, attempts = 0, 0
        while text[spoken:].strip():
            attempts += 1
            try:
                offset = spoken
                async with contextlib.aclosing(self._speak(text[spoken:], speed, after, ahead)) as pieces:
                    async for piece in pieces:
                        yield replace(piece, start=offset + piece.start, end=offset + piece.end)
                        spoken = offset + piece.end
                        after = text[:spoken]
                return
            except ConnectionBrokeError:
                if attempts == ATTEMPTS:
                    raise

    async def _speak(self, text: str, speed: float, after: str, ahead: bool) -> AsyncGenerator[SpokenPiece, None]:
        name = next(self._names)
        after = after[-_AFTER_CHARS:]
        wanted = {"type": "speak", "id": name, "text": text, "speed": speed, "after": after, "ahead": ahead}
        async with self._tts.ask(name, wanted) as answers:
            done = False
            try:
                while not done:
                    async with asyncio.timeout(ANSWER_TIMEOUT_S):
                        message, pcm16 = await answers.next()
                    done = message["type"] == "done"
                    if not done:
                        yield SpokenPiece(
                            message["start"], message["end"], message["pause_s"], message["audio_s"], pcm16
                        )
            except TimeoutError as error:
                raise SpeechServerError(detail="no speech in time") from error
            finally:
                if not done:
                    await self._tts.tell({"type": "cancel", "id": name})

    async def open(self) -> None:
        """Connect ahead of the first request. SpeechServerError when nobody listens."""
        await self._stt.open()
        await self._tts.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._stt.close()
        await self._tts.close()
