"""A call as a stereo WAV: the caller on the left, the assistant on the right, both on the caller's clock."""

import wave
from pathlib import Path

import numpy as np

from insta_voice.demo.caller import Caller
from insta_voice.demo.microphone import SAMPLE_RATE_HZ


def save_recording(caller: Caller, path: Path) -> None:
    """Write what was said and heard, 48 kHz 16 bit stereo."""
    said = np.concatenate(caller.microphone.said)
    started_at_s = caller.microphone.started_at_s
    heard = caller.ear.recording(started_at_s, started_at_s + said.size / SAMPLE_RATE_HZ)
    frames = min(said.size, heard.size)
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(2)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(np.stack([said[:frames], heard[:frames]], axis=1).tobytes())
