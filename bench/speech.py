"""How fast the local voice is on this machine: recognition, speech and vectors, as a table.

Run it with nothing else running: `.venv/bin/python bench/speech.py`. It starts a speech server of its own on
loopback, asks as a call does (over the socket), and stops it. Medians of `--rounds` (10).
"""

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from insta_voice.knowledge import HttpEmbedder
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpeechClient

UTTERANCES = {
    "one word": "Okay.",
    "a question": "How do I reset my password?",
    "a long question": "I was charged twice this month, and I would like to know how I get the second payment back.",
}
ANSWER = (
    "To reset your password, open Settings, then choose Security. "
    "You will get an email with a link that works for one hour."
)
START_S = 60.0


def start(url: str) -> subprocess.Popen[bytes]:
    """`insta-voice speech` on the port of `url`."""
    command = [sys.executable, "-c", "from insta_voice.cli import main; main()", "speech"]
    return subprocess.Popen(command, env={**os.environ, "VOICE_SPEECH_URL": url}, stderr=subprocess.DEVNULL)


async def is_ready(url: str) -> bool:
    """Whether the server answers and its models are warm."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as http:
            return (await http.get(f"{url}/readyz")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@contextlib.asynccontextmanager
async def running_server() -> AsyncIterator[tuple[SpeechClient, HttpEmbedder, psutil.Process, float]]:
    """A client of the socket, one of the vectors, the server's process and how many seconds it took to be ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    started = time.monotonic()
    server = start(url)
    client = SpeechClient(url)
    embedder = HttpEmbedder(f"{url}/v1", None, LOCAL_MODEL, LOCAL_DIMENSIONS)
    try:
        while not await is_ready(url):
            if server.poll() is not None or time.monotonic() - started > START_S:
                raise SystemExit("the speech server did not start: run `insta-voice speech` to see why")
            await asyncio.sleep(0.05)
        ready_s = time.monotonic() - started
        await client.open()
        yield client, embedder, psutil.Process(server.pid), ready_s
    finally:
        await client.aclose()
        await embedder.aclose()
        server.terminate()
        server.wait(10)


async def spoken(client: SpeechClient, text: str) -> tuple[bytes, float, float, float]:
    """Its audio, seconds of audio, milliseconds to the first piece and to the last."""
    started, first_ms, pcm, audio_s = time.perf_counter(), 0.0, b"", 0.0
    async for piece in client.speak(text):
        first_ms = first_ms or (time.perf_counter() - started) * 1000
        pcm += piece.pcm16
        audio_s += piece.audio_s
    return pcm, audio_s, first_ms, (time.perf_counter() - started) * 1000


async def measure(rounds: int) -> Table:
    """The table. Each row is timed as its caller sees it, socket included."""
    table = Table("what", "audio s", "median ms", "worst ms", "real-time factor", title="Local voice")
    async with running_server() as (client, embedder, process, ready_s):
        for name, text in UTTERANCES.items():
            pcm, audio_s, _, _ = await spoken(client, text)
            times = []
            for _ in range(rounds):
                started = time.perf_counter()
                await client.transcribe(pcm, PIPER_SAMPLE_RATE, final=True)
                times.append((time.perf_counter() - started) * 1000)
            _row(table, f"recognition: {name}", times, audio_s)
        runs = [await spoken(client, ANSWER) for _ in range(rounds)]
        audio_s = statistics.median(run[1] for run in runs)
        _row(table, "speech: first clause", [run[2] for run in runs])
        _row(table, "speech: whole answer", [run[3] for run in runs], audio_s)
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            await embedder.embed([UTTERANCES["a question"]])
            times.append((time.perf_counter() - started) * 1000)
        _row(table, "vector: a question", times)
        _row(table, "server: start to ready", [ready_s * 1000])
        memory_mb = process.memory_info().rss / 1e6
        table.caption = f"{os.cpu_count()} cores, {rounds} rounds, server {memory_mb:.0f} MB resident"
    return table


def _row(table: Table, what: str, times_ms: list[float], audio_s: float | None = None) -> None:
    median = statistics.median(times_ms)
    factor = f"{median / 1000 / audio_s:.3f}" if audio_s else ""
    table.add_row(what, f"{audio_s:.1f}" if audio_s else "", f"{median:.0f}", f"{max(times_ms):.0f}", factor)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="how often each is measured")
    Console().print(asyncio.run(measure(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
