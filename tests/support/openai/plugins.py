"""The real plugins as the product builds them, asked one thing each, and what they make of the answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

from livekit import rtc
from livekit.agents import APIError, llm
from livekit.plugins import openai
from tests.support.openai.server import ScriptedOpenAI
from tests.support.openai.sound import SAMPLE_RATE
from tests.support.settings import complete_settings

from insta_voice.voice.needs import Mode
from insta_voice.voice.providers import Providers, build_providers

# Each client reads all of the CA bundle, which costs 30 ms and here serves no connection: once will do.
_trusted = cache(ssl.create_default_context)


@contextmanager
def trusting() -> Iterator[None]:
    """Clients that are made in this block share what was read."""
    with mock.patch("ssl.create_default_context", _trusted):
        yield


@dataclass(slots=True)
class Outcome:
    """What came of one request to a plugin."""

    text: str = ""
    calls: list[llm.FunctionToolCall | llm.FunctionCall] = field(default_factory=list)
    sound_s: dict[str, float] = field(default_factory=dict)  # of each attempt that was heard, by its id
    usage: llm.CompletionUsage | None = None
    error: Exception | None = None  # what the plugin raised
    reported: list[tuple[str, bool]] = field(default_factory=list)  # errors it emitted: name, and whether it goes on
    took_s: float = 0.0


@asynccontextmanager
async def plugins(server: ScriptedOpenAI, mode: Mode = "pipeline", **settings: str) -> AsyncIterator[Providers]:
    """The providers of `mode` by `settings`, and by those that lead to `server`."""
    with trusting():
        providers = build_providers(complete_settings(**server.settings, **settings), mode)
    try:
        yield providers
    finally:
        await providers.aclose()
        if isinstance(providers.stt, openai.STT):
            await providers.stt._client.close()  # which its own aclose leaves open


@asynccontextmanager
async def _watched(plugin: Any) -> AsyncIterator[Outcome]:
    outcome, clock = Outcome(), asyncio.get_running_loop().time
    started = clock()

    def note(event: Any) -> None:
        outcome.reported.append((type(event.error).__name__, event.recoverable))

    plugin.on("error", note)
    try:
        yield outcome
    except APIError as error:
        outcome.error = error
    finally:
        plugin.off("error", note)
        outcome.took_s = clock() - started


async def ask(mind: llm.LLM[Any], said: str, tools: Sequence[llm.Tool] = ()) -> Outcome:
    """One turn of a language model."""
    context = llm.ChatContext()
    context.add_message(role="user", content=said)
    async with _watched(mind) as outcome, mind.chat(chat_ctx=context, tools=list(tools)) as stream:
        async for chunk in stream:
            outcome.usage = chunk.usage or outcome.usage
            if chunk.delta:
                outcome.text += chunk.delta.content or ""
                outcome.calls += chunk.delta.tool_calls
    return outcome


async def say(providers: Providers, text: str) -> Outcome:
    """One sentence of a voice."""
    async with _watched(providers.tts) as outcome, providers.tts.synthesize(text) as stream:
        async for sound in stream:
            heard_s = outcome.sound_s.get(sound.request_id, 0.0)
            outcome.sound_s[sound.request_id] = heard_s + sound.frame.duration
    return outcome


async def recognise(providers: Providers, pcm: bytes) -> Outcome:
    """One recording."""
    async with _watched(providers.stt) as outcome:
        event = await providers.stt.recognize(rtc.AudioFrame(pcm, SAMPLE_RATE, 1, len(pcm) // 2))
        outcome.text = event.alternatives[0].text
    return outcome


async def tell(session: llm.RealtimeSession, words: str) -> None:
    """The caller's words, as text."""
    context = session.chat_ctx.copy()
    context.add_message(role="user", content=words)
    await session.update_chat_ctx(context)


async def hear(generation: llm.GenerationCreatedEvent) -> Outcome:
    """One reply of a Realtime session, to the end of its streams."""
    outcome = Outcome()

    async def calls() -> None:
        async for made in generation.function_stream:
            outcome.calls.append(made)

    async def words() -> None:
        async for message in generation.message_stream:
            async for word in message.text_stream:
                outcome.text += word
            outcome.sound_s[message.message_id] = sum([frame.duration async for frame in message.audio_stream])

    await asyncio.gather(calls(), words())
    return outcome
