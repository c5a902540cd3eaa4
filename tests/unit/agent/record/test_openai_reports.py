"""What OpenAI's own plugins report of a request, from a server on loopback that speaks its API, comes to the meter."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal

import pytest
from livekit import rtc
from livekit.plugins import openai

from insta_voice.agent.record.meter import Meter
from insta_voice.costs import Price

LIST = (date(2026, 11, 26), "a list")


@asynccontextmanager
async def answering(content_type: str, body: bytes) -> AsyncIterator[str]:
    """The address of a server that answers every request with this."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
        await reader.readexactly(int(headers.get(b"content-length", 0)))
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        writer.write(answer.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


def events(*spoken: dict[str, object]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in spoken)


async def test_a_speech_by_its_tokens() -> None:
    sound = base64.b64encode(bytes(24_000 * 2)).decode()  # a second
    usage = {"input_tokens": 9, "output_tokens": 20, "total_tokens": 29}
    said = events({"type": "speech.audio.delta", "audio": sound}, {"type": "speech.audio.done", "usage": usage})
    async with answering("text/event-stream", said) as host:
        by_token = Price(
            host,
            "gpt-4o-mini-tts",
            *LIST,
            usd_per_million_text_input_tokens=Decimal("0.60"),
            usd_per_million_audio_output_tokens=Decimal(12),
        )
        meter = Meter({(host, by_token.model): by_token})
        voice = openai.TTS(model=by_token.model, api_key="x", base_url=f"http://{host}/v1", response_format="pcm")
        meter.listen_to(voice)
        async with voice.synthesize("Hello there.") as speech:
            assert [piece async for piece in speech]
        await voice.aclose()
    spent = meter.take("assistant")
    assert (spent.known, spent.usd) == (True, (9 * Decimal("0.60") + 20 * 12) / 1_000_000)
    (used,) = spent.usages
    assert (used.text_input_tokens, used.audio_output_tokens, used.characters) == (9, 20, len("Hello there."))
    assert used.audio_ms == pytest.approx(1_000, abs=20)  # LiveKit adds a last frame of its own


async def test_what_was_recognised_by_the_minute() -> None:
    async with answering("application/json", b'{"text": "Hello."}') as host:
        by_minute = Price(host, "gpt-4o-mini-transcribe", *LIST, usd_per_minute_of_audio=Decimal("0.003"))
        meter = Meter({(host, by_minute.model): by_minute})
        ears = openai.STT(model=by_minute.model, api_key="x", base_url=f"http://{host}/v1")
        meter.listen_to(ears)
        heard = await ears.recognize(rtc.AudioFrame(bytes(16_000 * 2 * 3), 16_000, 1, 16_000 * 3))
        assert heard.alternatives[0].text == "Hello."
        await ears.aclose()
    spent = meter.take("caller")
    assert (spent.known, spent.usd) == (True, Decimal("0.00015"))
