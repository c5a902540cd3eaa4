"""The local speech server's two sockets without its models: it speaks what can be read, and hears by reading."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.memory_call import legible
from websockets.asyncio.server import Server, ServerConnection, serve

from insta_voice.voice.local.client import PIPER_SAMPLE_RATE

# As long as they took in our measurements (docs/voice.md): recognition of nothing and of a second more, a half of it
# with most of the words in a draft, and the first clause of an answer.
_RECOGNITION_S, _RECOGNITION_PER_S, _DRAFTED = 0.03, 0.08, 0.5
_SPEECH_S = 0.13


@asynccontextmanager
async def serving_speech() -> AsyncIterator[str]:
    """Its address, for as long as the block lasts."""
    server: Server = await serve(_answer, "127.0.0.1", 0, compression=None, ping_interval=None)
    try:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


async def _answer(socket: ServerConnection) -> None:
    assert socket.request is not None
    await (_hear if socket.request.path.endswith("/stt") else _speak)(socket)


async def _hear(socket: ServerConnection) -> None:
    segment, pcm, drafted = "", b"", False
    async for message in socket:
        if isinstance(message, bytes):
            pcm += message
            continue
        asked = json.loads(message)
        if asked["type"] == "start":
            segment, pcm, drafted = asked["segment"], b"", bool(asked["draft"])
        elif asked["type"] in ("partial", "flush"):
            takes_s = _RECOGNITION_S + _RECOGNITION_PER_S * len(pcm) / 32_000
            await asyncio.sleep(takes_s * (_DRAFTED if drafted else 1.0))
            text = "".join(letter.text for letter in legible.read(pcm, 16_000)).strip()
            tokens = [ord(letter) for letter in text]
            told = {"audio_s": len(pcm) / 32_000, "compute_ms": 300.0, "confidence": 0.9, "level_dbfs": -20.0}
            kind = "final" if asked["type"] == "flush" else "partial"
            await socket.send(json.dumps({"type": kind, "segment": segment, "text": text, "tokens": tokens, **told}))


async def _speak(socket: ServerConnection) -> None:
    async for message in socket:
        asked = json.loads(message)
        if asked["type"] != "speak":
            continue
        text, name = asked["text"], asked["id"]
        await asyncio.sleep(_SPEECH_S)
        pcm = legible.say(text, PIPER_SAMPLE_RATE)
        about = {"start": 0, "end": len(text), "pause_s": 0.0, "audio_s": len(pcm) / 2 / PIPER_SAMPLE_RATE}
        await socket.send(json.dumps({"type": "piece", "id": name, **about}))
        await socket.send(pcm)
        await socket.send(json.dumps({"type": "done", "id": name, "cancelled": False}))
