"""The HTTP half of the kit, as the plugins and our embeddings client see it when all is well."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial

import httpx
import pytest
from livekit.agents import llm
from livekit.plugins.openai import TTS
from tests.support.openai import (
    BROKEN,
    UNAUTHORIZED,
    Cut,
    HalfCall,
    Late,
    Malformed,
    Pace,
    ScriptedOpenAI,
    Stall,
    call,
    rate_limited,
    reply,
    serving_openai,
    to,
    tone,
)
from tests.support.openai.faults import Fault
from tests.support.openai.plugins import ask, plugins, recognise, say
from tests.support.openai.script import Line
from tests.support.openai.sound import SAMPLE_RATE, as_wav, duration_ms
from tests.support.settings import complete_settings
from tests.support.speech import speak
from tests.support.virtual_clock import run_virtual

from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import HttpEmbedder
from insta_voice.knowledge.embedding import openai_embedder
from insta_voice.voice.providers import Providers


@llm.function_tool
async def get_weather(city: str) -> str:
    """How the weather is there."""
    return "sunny"


def played(scene: Callable[[ScriptedOpenAI, Providers], Awaitable[None]], *lines: Line, delta_s: float = 0.0) -> float:
    """Play `scene` with a server and the product's pipeline; how many seconds it took."""

    async def timed() -> float:
        async with serving_openai(*lines, delta_s=delta_s) as openai, plugins(openai) as providers:
            started = asyncio.get_running_loop().time()
            await scene(openai, providers)
            return asyncio.get_running_loop().time() - started

    return run_virtual(timed())


def test_a_model_says_its_lines_in_order_and_what_they_cost() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        first = await ask(providers.llm, "How is the weather?")
        assert (await ask(providers.llm, "And tomorrow?")).text == "Rain."
        assert first.text == "It is sunny, and warm."
        assert first.usage
        assert (first.usage.prompt_tokens, first.usage.completion_tokens) == (5, 6)
        assert [prompt.said for prompt in openai.prompts] == ["How is the weather?", "And tomorrow?"]

    assert played(scene, "It is sunny, and warm.", "Rain.") == 0


def test_words_come_at_the_pace_that_is_set() -> None:
    async def scene(_: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        assert (await ask(providers.llm, "Hello?")).text == "Hello to you."

    # Three words, the end, the cost and [DONE].
    assert played(scene, "Hello to you.", delta_s=0.1) == pytest.approx(0.6)


def test_a_model_takes_its_time_to_the_first_word_and_to_the_last_and_calls_a_tool_when_it_would_speak() -> None:
    async def scene() -> None:
        clock = asyncio.get_running_loop().time
        script = ("Hello to you, and welcome.", call("get_weather", city="Rome"))
        async with serving_openai(*script, pace=Pace(0.3, 0.9)) as openai, plugins(openai) as providers:
            assert providers.llm
            context = llm.ChatContext.empty()
            context.add_message(role="user", content="Hello?")
            asked_s = clock()
            async with providers.llm.chat(chat_ctx=context) as stream:
                words_s = [clock() - asked_s async for chunk in stream if chunk.delta and chunk.delta.content]
            assert words_s == pytest.approx([0.3, 0.45, 0.6, 0.75, 0.9])
            asked_s = clock()
            assert (await ask(providers.llm, "In Rome?", [get_weather])).calls
            assert clock() - asked_s == pytest.approx(0.3)

    run_virtual(scene())


def test_a_tool_call_comes_with_its_arguments_after_the_words_before_it() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        outcome = await ask(providers.llm, "In Rome?", [get_weather])
        assert outcome.text == "One moment."
        assert [(made.name, json.loads(made.arguments)) for made in outcome.calls] == [
            ("get_weather", {"city": "Rome"})
        ]
        assert openai.prompts[0].tools == ("get_weather",)

    played(scene, reply("One moment.", call("get_weather", city="Rome")))


def test_a_line_waits_for_the_words_it_answers() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        assert (await ask(providers.llm, "What does it cost?")).text == "Nine euros."
        assert openai.script.left == 1
        assert (await ask(providers.llm, "And my Password?")).text == "Open the page."

    played(scene, to("password", "Open the page."), to("cost", "Nine euros."))


def test_messages_that_do_not_fit_together_are_refused_as_openai_refuses_them() -> None:
    output = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
    made = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    calls = {"role": "assistant", "content": None, "tool_calls": [made]}
    asked = {"role": "user", "content": "And?"}

    async def scene(openai: ScriptedOpenAI, _: Providers) -> None:
        headers = {"authorization": f"Bearer {openai.address['api_key']}"}
        async with httpx.AsyncClient(base_url=openai.url, headers=headers) as http:
            for messages, status in (([calls, output], 200), ([output], 400), ([calls], 400), ([calls, asked], 400)):
                answer = await http.post("/chat/completions", json={"model": "m", "messages": messages})
                assert answer.status_code == status, messages

    played(scene, "Sunny.")


def test_a_voice_speaks_as_long_as_the_words_take() -> None:
    text = "It is sunny today, and warm."

    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        (lasts_s,) = (await say(providers, text)).sound_s.values()
        assert lasts_s == pytest.approx(0.06 * len(text), abs=0.02)  # played in frames of 10 ms
        (asked,) = openai.asked("/audio/speech")
        assert (asked["input"], asked["response_format"], asked["stream_format"]) == (text, "pcm", "sse")

    played(scene)


def test_a_model_that_cannot_stream_events_sends_the_sound_itself() -> None:
    async def scene() -> None:
        async with serving_openai() as openai:
            voice = TTS(model="tts-1", response_format="pcm", **openai.address)
            sound = await voice.synthesize("It is sunny today.").collect()
            assert sound.duration == pytest.approx(0.06 * len("It is sunny today."), abs=0.02)
            assert openai.asked("/audio/speech")[0]["stream_format"] == "audio"
            await voice.aclose()

    run_virtual(scene())


def test_a_voice_can_be_one_that_says_words() -> None:
    voice = partial(speak, sample_rate=SAMPLE_RATE)

    async def scene() -> None:
        async with serving_openai(voice=voice) as openai, plugins(openai) as providers:
            (lasts_s,) = (await say(providers, "It is sunny today.")).sound_s.values()
            assert lasts_s == pytest.approx(duration_ms(voice("It is sunny today.")) / 1000, abs=0.02)

    run_virtual(scene())


def test_faults_are_met_in_order_one_a_request() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        openai.fail("chat", None, UNAUTHORIZED)
        assert [(await ask(providers.llm, "Hello?")).error is None for _ in range(3)] == [True, False, True]

    played(scene, "One.", "Two.")


async def test_it_serves_on_the_real_clock_too_and_ends_without_waiting_for_who_stalls() -> None:
    async with serving_openai("It is sunny.", "Rain.") as openai, plugins(openai) as providers:
        assert providers.llm
        assert (await ask(providers.llm, "How is the weather?")).text == "It is sunny."
        openai.fail("chat", Stall(0))
        stalled = asyncio.create_task(ask(providers.llm, "And tomorrow?"))
        await openai.until_asked("/chat/completions", 2)
        stalled.cancel()
        await asyncio.wait({stalled})


def test_a_recording_is_heard_as_what_the_script_says() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        openai.hears("Hello there.")
        assert (await recognise(providers, tone("Hello there."))).text == "Hello there."
        assert (await recognise(providers, tone("Hm."))).text == ""
        assert [form["file_ms"] for form in openai.asked("/audio/transcriptions")] == [720, 180]

    played(scene)


def test_with_an_ear_a_recording_is_heard_as_what_it_says() -> None:
    recordings = []

    async def ear(recording: bytes) -> str:
        recordings.append(recording)
        return "Hello there."

    async def scene() -> None:
        async with serving_openai(ear=ear) as openai, plugins(openai) as providers:
            openai.hears("Something else.")
            assert (await recognise(providers, tone("Hm."))).text == "Hello there."
        (recording,) = recordings
        assert as_wav(tone("Hm.")) == recording

    run_virtual(scene())


def _embedder(openai: ScriptedOpenAI) -> HttpEmbedder:
    settings = complete_settings(KNOWLEDGE_EMBEDDINGS="openai", **openai.settings)
    return openai_embedder(settings, settings.openai.embedding_model)


def test_texts_that_share_words_have_vectors_near_each_other() -> None:
    async def scene(openai: ScriptedOpenAI, _: Providers) -> None:
        embedder = _embedder(openai)
        one, like_it, other = await embedder.embed(["Reset your password", "My password to reset", "Our prices"])
        await embedder.aclose()
        assert len(one) == 1536
        assert sum(a * b for a, b in zip(one, like_it, strict=True)) > 0.5
        assert abs(sum(a * b for a, b in zip(one, other, strict=True))) < 0.2

    played(scene)


@pytest.mark.parametrize("fault", [UNAUTHORIZED, rate_limited(), BROKEN, Late(by_s=90), Cut(), Malformed()])
def test_vectors_that_do_not_come_are_one_error_after_one_try(fault: Fault) -> None:
    async def scene(openai: ScriptedOpenAI, _: Providers) -> None:
        openai.fail("embeddings", fault)
        embedder = _embedder(openai)
        with pytest.raises(EmbeddingError):
            await embedder.embed(["Reset your password"])
        await embedder.aclose()
        assert len(openai.asked("/embeddings")) == 1

    # A minute is the client's own patience, with a batch: a live question has less (`knowledge/question_vectors.py`).
    assert played(scene) == (60 if isinstance(fault, Late) else 0)


def test_a_key_may_use_the_models_that_are_named() -> None:
    async def scene(openai: ScriptedOpenAI, _: Providers) -> None:
        openai.models = ("gpt-realtime",)
        async with httpx.AsyncClient(base_url=openai.url) as http:
            assert (await http.get("/models")).json()["error"]["code"] == "invalid_api_key"
            headers = {"authorization": f"Bearer {openai.address['api_key']}"}
            assert [model["id"] for model in (await http.get("/models", headers=headers)).json()["data"]] == [
                "gpt-realtime"
            ]
            openai.fail("models", rate_limited(7))
            refused = await http.get("/models", headers=headers)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")

    played(scene)


def test_a_tool_call_that_the_output_limit_cuts_in_half_is_lost_without_an_error() -> None:
    async def scene(openai: ScriptedOpenAI, providers: Providers) -> None:
        assert providers.llm
        openai.fail("chat", HalfCall())
        outcome = await ask(providers.llm, "In Rome?", [get_weather])
        assert (outcome.text, outcome.calls, outcome.error, outcome.reported) == ("", [], None, [])

    played(scene, call("get_weather", city="Rome"))
