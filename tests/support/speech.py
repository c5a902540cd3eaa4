"""A real speech server for the tests, and a voice for scripted callers."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import httpx
import numpy as np
import pytest

from insta_voice.voice.local.audio import resample, to_pcm16
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.piper import SAMPLE_RATE as PIPER_HZ
from insta_voice.voice.local.piper import Piper

START_S = 40.0  # loading takes 3 s on a quiet machine; tests share theirs with browsers
NOISE_DBFS = -60.0  # a room's noise floor: the turn detector dislikes digital silence


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class SpeechServer:
    """`insta-voice speech` in a process of its own, on a port that survives a restart."""

    url: str = field(default_factory=lambda: f"http://127.0.0.1:{free_port()}")
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it unless it runs; `until_ready` waits."""
        if self.process and self.process.poll() is None:
            return
        command = [sys.executable, "-c", "from insta_voice.cli import main; main()", "speech"]
        self.process = subprocess.Popen(command, env={**os.environ, "VOICE_SPEECH_URL": self.url})

    async def is_ready(self) -> bool:
        """Whether it answers and its models are warm."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2.0) as http:
                return (await http.get(f"{self.url}/readyz")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def until_ready(self) -> None:
        """Poll /readyz; fails when it has not come up in START_S."""
        deadline = time.monotonic() + START_S
        while not await self.is_ready():
            assert self.process, "start it first"
            assert self.process.poll() is None, "the speech server ended instead of starting"
            assert time.monotonic() < deadline, "the speech server did not become ready"
            await asyncio.sleep(0.1)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> float:
        """SIGTERM; how many seconds it took to end."""
        started = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - started

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(how)
            self.process.wait(10)


@pytest.fixture(scope="session")
async def speech_server() -> AsyncIterator[SpeechServer]:
    """One for the whole run; who kills it starts it again."""
    server = SpeechServer()
    server.start()
    try:
        await server.until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
async def speech_client(speech_server: SpeechServer) -> AsyncIterator[SpeechClient]:
    """A client of it, closed afterwards."""
    client = SpeechClient(speech_server.url)
    yield client
    await client.aclose()


@pytest.fixture(scope="module")
def own_speech_server() -> Iterator[SpeechServer]:
    """One that a module's tests may kill; each starts it, if it does not run."""
    server = SpeechServer()
    yield server
    server.kill()


@lru_cache
def _voice() -> Piper:
    return Piper()


@lru_cache(maxsize=64)
def speak(text: str, sample_rate: int = 16_000, *, speed: float = 1.05, pitch: float = 0.94) -> bytes:
    """`text` as a caller says it: signed 16-bit mono with 0.3 s of room before and after, noise floor at -60 dBFS.

    The assistant's own voice, a little lower (`pitch`) and quicker, so that the two can be told apart, and the same
    each time.
    """
    # More samples a second than they are played at: lower and slower, so Piper speaks quicker by as much.
    samples = resample(_voice().speak(text, speed=speed / pitch, variation=0), PIPER_HZ, round(sample_rate / pitch))
    room = np.zeros(int(0.3 * sample_rate), dtype=np.float32)
    return to_pcm16(with_noise(np.concatenate([room, samples, room])))


def silence(seconds: float, sample_rate: int = 16_000) -> bytes:
    """A quiet room: signed 16-bit mono with nothing but the noise floor."""
    return to_pcm16(with_noise(np.zeros(int(seconds * sample_rate), dtype=np.float32)))


def with_noise(samples: np.ndarray, level_dbfs: float = NOISE_DBFS) -> np.ndarray:
    """`samples` with white noise of this level."""
    noise = np.random.default_rng(7).normal(0, 10 ** (level_dbfs / 20), samples.size)
    return (samples + noise).astype(np.float32)


def word_errors(said: str, heard: str) -> int:
    """How many words were added, lost or changed, punctuation and case apart."""

    def words(text: str) -> list[str]:
        return "".join(c.lower() if c.isalnum() or c in " '" else " " for c in text).split()

    reference, hypothesis = words(said), words(heard)
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        previous, row = row, [i]
        for j, other in enumerate(hypothesis, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (word != other)))
    return row[-1]
