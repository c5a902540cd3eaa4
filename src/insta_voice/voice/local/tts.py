"""Piper as LiveKit sees it: text in, frames and the time of each word out.

Text may come in tokens: the first clause is spoken as soon as it is complete, then sentence by sentence.
The word times are estimates within a clause (its length is exact, its words share it by their letters):
good enough to say where an interrupted sentence stopped.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace

from livekit.agents import APIConnectOptions, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, TimedString

from insta_voice.errors import InstaVoiceError
from insta_voice.voice.local.clauses import ClauseFeed
from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpeechClient, SpokenPiece
from insta_voice.voice.local.prepared import PreparedSpeech
from insta_voice.voice.local.stt import as_api_error

_ASKED_AGAIN_AFTER_S = 0.1


class LocalTTS(tts.TTS[str]):
    """Speech by the speech server at `url`."""

    def __init__(self, url: str, *, speed: float = 1.0, client: SpeechClient | None = None) -> None:
        """`speed` 0.5 to 2. `client` is shared and stays its owner's; without one this object has its own."""
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=True),
            sample_rate=PIPER_SAMPLE_RATE,
            num_channels=1,
        )
        self._owned = client is None
        self.client = client or SpeechClient(url)
        self.prepared = PreparedSpeech(self.client)
        self.speed = speed

    @property
    def model(self) -> str:
        return "piper-en-us-joe-medium"

    @property
    def provider(self) -> str:
        return "local"

    def update_options(self, *, speed: float) -> None:
        """Speak at `speed` from the next piece of text on."""
        self.speed = speed

    def prepare(self, tokens: Iterable[str]) -> bool:
        """Begin to speak the first clause of an answer that may come; false when that was done before."""
        feed = ClauseFeed()
        clauses = [clause for token in tokens for clause in feed.push(token)] or feed.flush()
        return bool(clauses) and self.prepared.prepare(clauses[0], self.speed)

    async def speak(self, text: str, after: str) -> AsyncGenerator[SpokenPiece, None]:
        """The speech of `text`, a piece at a time; `after` is what was spoken just before. As it was prepared, if it
        was. SpeechServerError when the server is lost.
        """
        prepared = [] if after else await self.prepared.take(text, self.speed)
        for piece in prepared:
            yield piece
        if not prepared:
            async with contextlib.aclosing(self.client.speak(text, speed=self.speed, after=after)) as pieces:
                async for piece in pieces:
                    yield piece

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        """The speech of the whole `text`."""
        return self._synthesize_with_stream(text, conn_options=conn_options)

    def stream(self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> "LocalSynthesizeStream":
        """Speech of text that comes in tokens."""
        return LocalSynthesizeStream(self, conn_options)

    async def aclose(self) -> None:
        """Close the client, if it is this object's own."""
        await self.prepared.aclose()
        if self._owned:
            await self.client.aclose()


class LocalSynthesizeStream(tts.SynthesizeStream):
    """One utterance."""

    def __init__(self, speaker: LocalTTS, conn_options: APIConnectOptions) -> None:
        self._speaker = speaker
        # The client has waited for a server that was away. One that says it cannot is asked again at once: LiveKit's
        # own two seconds between tries are silence.
        super().__init__(tts=speaker, conn_options=replace(conn_options, retry_interval=_ASKED_AGAIN_AFTER_S))

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        name = utils.shortuuid("tts_")
        output_emitter.initialize(
            request_id=name,
            sample_rate=PIPER_SAMPLE_RATE,
            num_channels=1,
            mime_type="audio/pcm",
            stream=True,
        )
        output_emitter.start_segment(segment_id=name)
        ready: asyncio.Queue[str | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(ready), name="local-tts-read")
        clock_s, after = 0.0, ""
        try:
            while (text := await ready.get()) is not None:
                self._mark_started()
                async with contextlib.aclosing(self._speaker.speak(text, after)) as pieces:
                    async for piece in pieces:
                        output_emitter.push_timed_transcript(timed_words(text, piece, clock_s))
                        output_emitter.push(piece.pcm16)
                        clock_s += piece.audio_s
                after = text
            await reading
        except InstaVoiceError as error:
            raise as_api_error(error) from error
        finally:
            await utils.aio.cancel_and_wait(reading)

    async def _read(self, ready: asyncio.Queue[str | None]) -> None:
        feed = ClauseFeed()
        async for token in self._input_ch:
            for text in feed.push(token) if isinstance(token, str) else feed.flush():
                ready.put_nowait(text)
        for text in feed.flush():
            ready.put_nowait(text)
        ready.put_nowait(None)


def timed_words(text: str, piece: SpokenPiece, starts_s: float) -> list[TimedString]:
    """The words of `piece` with their estimated times; its audio starts `starts_s` into the utterance."""
    words = text[piece.start : piece.end].split()
    letters = sum(len(word) for word in words)
    at_s = starts_s + piece.pause_s
    per_letter_s = (piece.audio_s - piece.pause_s) / max(letters, 1)
    timed = []
    for word in words:
        ends_s = at_s + len(word) * per_letter_s
        timed.append(TimedString(word + " ", start_time=at_s, end_time=ends_s))
        at_s = ends_s
    return timed
