"""Several voices as one: the first that can speaks, clause by clause, and the next takes over where it stopped.

LiveKit's own adapter gives up the rest of an answer whose voice fails in the middle, waits 10 s for one that hangs, and
does not tell which words were heard unless every voice does.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, APIError, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, USERDATA_TIMED_TRANSCRIPT, TimedString

from insta_voice.voice.breaker import Breakers
from insta_voice.voice.fallback.deadline import timely
from insta_voice.voice.fallback.pace import Pace
from insta_voice.voice.local.clauses import ClauseFeed
from insta_voice.voice.local.tts import LocalTTS

SAMPLE_RATE = 24_000  # Hz: OpenAI's; another voice is resampled
# OpenAI's first sound comes after 0.3 to 1 s. At 2.5 s the caller hears "one moment", and at 3 s somebody else speaks.
FIRST_SOUND_WITHIN_S = 3.0
NEXT_SOUND_WITHIN_S = 2.0  # speech comes faster than it is heard: by then the caller hears silence, or soon will


class FallbackTTS(tts.TTS[Any]):
    """The `voices` in order of preference; closes them."""

    def __init__(self, voices: Sequence[tts.TTS[Any]], breakers: Breakers | None = None) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=True),
            sample_rate=SAMPLE_RATE,
            num_channels=1,
        )
        self.voices = tuple(voices)
        breakers = breakers or Breakers()
        self._breakers = [breakers.of(f"{voice.provider} {voice.model}") for voice in voices]
        self._serving = self.voices[0]
        self.pace = Pace()
        for voice in self.voices:
            voice.on("metrics_collected", self._metrics_collected)

    @property
    def model(self) -> str:
        """Of the voice that spoke last."""
        return self._serving.model

    @property
    def provider(self) -> str:
        return self._serving.provider

    def update_options(self, *, speed: float) -> None:
        """The pace of those voices that can change it, from the next piece of text on."""
        for voice in self.voices:
            if isinstance(voice, LocalTTS):
                voice.update_options(speed=speed)

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return self._synthesize_with_stream(text, conn_options=conn_options)

    def stream(self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> tts.SynthesizeStream:
        return _Utterance(self, conn_options)

    async def speak(self, text: str, begin_with: int) -> AsyncIterator[tuple[int, rtc.AudioFrame]]:
        """The sound of `text`, each frame with the number of the voice it is of; the voices before `begin_with` are
        not asked. A voice that fails within `text` is followed by the next with the whole of it; the last one, after
        which there is nobody, is given the time it takes.

        APIConnectionError when the last one fails.
        """
        last: APIError | None = None
        for number, (voice, breaker) in enumerate(zip(self.voices, self._breakers, strict=True)):
            is_last = number == len(self.voices) - 1
            if number < begin_with or not (is_last or breaker.admits()):
                continue
            try:
                # Not asked twice: the next voice is there sooner.
                options = APIConnectOptions(max_retry=0, timeout=FIRST_SOUND_WITHIN_S)
                async with voice.synthesize(text, conn_options=options) as speech:
                    in_time = timely(speech, first_s=FIRST_SOUND_WITHIN_S, next_s=NEXT_SOUND_WITHIN_S)
                    async for piece in speech if is_last else in_time:
                        self._serving = voice
                        yield number, piece.frame
            except APIError as error:
                last = error
                if not is_last:
                    breaker.failed(hopeless=not error.retryable)
            else:
                if not is_last:
                    breaker.succeeded()
                return
        raise APIConnectionError("no voice can speak") from last

    async def aclose(self) -> None:
        for voice in self.voices:
            voice.off("metrics_collected", self._metrics_collected)
            await voice.aclose()

    def _metrics_collected(self, *metrics: Any) -> None:
        self.emit("metrics_collected", *metrics)


class _Utterance(tts.SynthesizeStream):
    """One answer. The voice that took over keeps it to its end: nobody changes voices twice in a breath."""

    def __init__(self, chain: FallbackTTS, conn_options: APIConnectOptions) -> None:
        self._chain = chain
        super().__init__(tts=chain, conn_options=APIConnectOptions(max_retry=0, timeout=conn_options.timeout))

    async def _metrics_monitor_task(self, event_aiter: Any) -> None:
        async for _ in event_aiter:  # each voice reports its own
            pass

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        name = utils.shortuuid("tts_")
        output_emitter.initialize(
            request_id=name, sample_rate=SAMPLE_RATE, num_channels=1, mime_type="audio/pcm", stream=True
        )
        output_emitter.start_segment(segment_id=name)
        clauses: asyncio.Queue[str | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(clauses), name="fallback-tts-read")
        speaking, at_s = 0, 0.0
        try:
            while (clause := await clauses.get()) is not None:
                self._mark_started()
                speaking, lasts_s = await self._say(clause, speaking, at_s, output_emitter)
                at_s += lasts_s
            await reading
        finally:
            await utils.aio.cancel_and_wait(reading)

    async def _say(self, clause: str, begin_with: int, at_s: float, out: tts.AudioEmitter) -> tuple[int, float]:
        """Say it; which voice it ended with, and how many seconds it took of it."""
        speaking, began_s, until_s = -1, at_s, at_s
        resampler: rtc.AudioResampler | None = None
        words: deque[tuple[float, TimedString]] = deque()  # each with when it begins
        async for number, frame in self._chain.speak(clause, begin_with):
            if number != speaking:  # the first voice, or one that begins the clause anew
                speaking, began_s, resampler = number, until_s, _resampler(frame)
                tells = self._chain.voices[number].capabilities.aligned_transcript
                words = deque(() if tells else self._chain.pace.words(clause, began_s))
            for word in frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, ()):
                out.push_timed_transcript(_later(word, began_s))
            until_s += frame.duration
            while words and words[0][0] < until_s:  # not before its sound: it may never come
                out.push_timed_transcript(words.popleft()[1])
            for piece in resampler.push(frame) if resampler else [frame]:
                out.push(bytes(piece.data))
        for piece in resampler.flush() if resampler else ():
            out.push(bytes(piece.data))
        out.push_timed_transcript([word for _, word in words])
        self._chain.pace.learn(clause, until_s - began_s)
        return speaking, until_s - at_s

    async def _read(self, clauses: asyncio.Queue[str | None]) -> None:
        feed = ClauseFeed()
        async for token in self._input_ch:
            for text in feed.push(token) if isinstance(token, str) else feed.flush():
                clauses.put_nowait(text)
        for text in feed.flush():
            clauses.put_nowait(text)
        clauses.put_nowait(None)


def _resampler(frame: rtc.AudioFrame) -> rtc.AudioResampler | None:
    if frame.sample_rate == SAMPLE_RATE:
        return None
    return rtc.AudioResampler(frame.sample_rate, SAMPLE_RATE, quality=rtc.AudioResamplerQuality.HIGH)


def _later(word: str, by_s: float) -> TimedString:
    start_s, end_s = getattr(word, "start_time", 0.0), getattr(word, "end_time", 0.0)
    return TimedString(word, start_time=start_s + by_s, end_time=end_s + by_s)
