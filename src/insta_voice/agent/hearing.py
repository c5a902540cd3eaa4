"""Who recognises a segment of speech: the local server, any provider of LiveKit's, or one in the place of the other."""

import asyncio
from collections.abc import Sequence
from typing import Any

from livekit import rtc
from livekit.agents import APIConnectOptions, APIError, stt

from insta_voice.agent.turns.ports import SAMPLE_RATE, Recognizer, Transcription
from insta_voice.errors import InstaVoiceError, SpeechServerError
from insta_voice.voice.breaker import Breakers
from insta_voice.voice.local.client import SpeechClient

# OpenAI answers in 0.4 to 1.5 s. The caller hears "one moment" meanwhile, and the other one needs a second more.
HEARD_WITHIN_S = 3.0


class SpeechServerRecognizer:
    """The local speech server: finals go before everybody's partials."""

    def __init__(self, client: SpeechClient) -> None:
        self._client = client

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        draft = before.tokens if before is not None else ()
        heard = await self._client.transcribe(pcm, SAMPLE_RATE, final=final, draft=draft)
        return Transcription(heard.text, heard.confidence, heard.tokens)


class ProviderRecognizer:
    """Any LiveKit STT that recognises a whole segment at once."""

    def __init__(self, provider: stt.STT[Any]) -> None:
        self._provider = provider

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        frame = rtc.AudioFrame(pcm, SAMPLE_RATE, 1, len(pcm) // 2)
        try:
            # Not asked twice: whoever stands in is there sooner, and the engine asks again by itself.
            event = await self._provider.recognize(frame, conn_options=APIConnectOptions(max_retry=0))
        except APIError as error:
            raise SpeechServerError(detail=type(error).__name__) from error
        best = event.alternatives[0] if event.alternatives else None
        return Transcription(best.text, best.confidence or None) if best else Transcription("")


class FallbackRecognizer:
    """The first of `recognizers` that can; the last is asked whatever happened to it."""

    def __init__(self, recognizers: Sequence[tuple[str, Recognizer]], breakers: Breakers | None = None) -> None:
        """Each with its name, for the log."""
        breakers = breakers or Breakers()
        self._recognizers = [(breakers.of(name), recognizer) for name, recognizer in recognizers]

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        *others, (_, last) = self._recognizers
        for breaker, recognizer in others:
            if not breaker.admits():
                continue
            try:
                async with asyncio.timeout(HEARD_WITHIN_S):
                    heard = await recognizer.transcribe(pcm, final=final, before=before)
            except (InstaVoiceError, TimeoutError):
                breaker.failed()
            else:
                breaker.succeeded()
                return heard
        return await last.transcribe(pcm, final=final, before=before)
