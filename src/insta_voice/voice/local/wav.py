"""WAV files in memory, 16-bit PCM: what speech is sent and received as over the OpenAI audio API."""

import io
import wave

import numpy as np

from insta_voice.errors import InvalidInputError
from insta_voice.voice.local.audio import from_pcm16, to_pcm16


def write_wav(pcm: bytes, sample_rate: int) -> bytes:
    """Signed 16-bit mono as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
    return out.getvalue()


def read_wav(data: bytes) -> tuple[bytes, int]:
    """Signed 16-bit mono (channels are mixed) and its sample rate; InvalidInputError for anything else."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError) as error:
        raise InvalidInputError("The file is not a WAV file this server can read.") from error
    if width != 2:
        raise InvalidInputError("The WAV file must hold 16-bit PCM.")
    if channels == 1:
        return frames, rate
    samples = from_pcm16(frames)
    mixed = samples[: samples.size // channels * channels].reshape(-1, channels).mean(axis=1)
    return to_pcm16(mixed.astype(np.float32)), rate
