"""The caller's voice: the speech server's own, a little faster, so that it is not the assistant talking to itself."""

import io
import wave

import httpx
import numpy as np
from livekit import rtc

from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm
from insta_voice.errors import SpeechServerError

_SPEED = 1.1
_TIMEOUT_S = 30.0


async def speak(speech_url: str, text: str) -> Pcm:
    """A sentence as 48 kHz mono samples, made by the OpenAI face of the speech server."""
    async with httpx.AsyncClient(base_url=speech_url, timeout=_TIMEOUT_S) as http:
        answer = await http.post(
            "/v1/audio/speech",
            json={"model": "piper", "voice": "joe", "input": text, "response_format": "wav", "speed": _SPEED},
        )
    if answer.is_error:
        raise SpeechServerError(detail=str(answer.status_code))
    with wave.open(io.BytesIO(answer.content)) as spoken:
        rate_hz, samples = spoken.getframerate(), spoken.readframes(spoken.getnframes())
    resampler = rtc.AudioResampler(rate_hz, SAMPLE_RATE_HZ, quality=rtc.AudioResamplerQuality.HIGH)
    frames = resampler.push(bytearray(samples)) + resampler.flush()
    return np.concatenate([np.frombuffer(frame.data, np.int16) for frame in frames])
