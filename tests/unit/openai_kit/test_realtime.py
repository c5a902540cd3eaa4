"""The Realtime half of the kit, as `RealtimeModel(...).session()` sees it: events in OpenAI's order, state kept."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from livekit import rtc
from livekit.agents import llm
from livekit.plugins.openai.realtime import RealtimeModel
from tests.support.openai import HalfCall, Late, ScriptedOpenAI, call, reply, serving_openai, to, tone
from tests.support.openai.plugins import hear, plugins, tell
from tests.support.openai.realtime.conversation import Item
from tests.support.openai.realtime.usage import usage
from tests.support.openai.script import Line
from tests.support.openai.sound import SAMPLE_RATE, as_wav
from tests.support.virtual_clock import run_virtual

Scene = Callable[[ScriptedOpenAI, llm.RealtimeSession], Awaitable[None]]


@llm.function_tool
async def get_weather(city: str) -> str:
    """How the weather is there."""
    return "sunny"


@asynccontextmanager
async def _talking(model: llm.RealtimeModel) -> AsyncIterator[llm.RealtimeSession]:
    session = model.session()
    try:
        yield session
    finally:
        await session.aclose()


def played(scene: Scene, *lines: Line, delta_s: float = 0.0) -> None:
    """Play `scene` with a server and a session of the product's realtime model."""

    async def whole() -> None:
        async with (
            serving_openai(*lines, delta_s=delta_s) as openai,
            plugins(openai, "realtime") as providers,
        ):
            assert providers.realtime
            async with _talking(providers.realtime) as session:
                await scene(openai, session)

    run_virtual(whole())


def test_a_spoken_reply_comes_in_openais_order() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        outcome = await hear(await session.generate_reply())
        (lasts_s,) = outcome.sound_s.values()
        assert (outcome.text, lasts_s) == ("Hello there.", pytest.approx(0.72))
        log = openai.sessions[0].log
        assert [event["type"] for way, event in log if way == "sent"] == [
            "session.created",
            "session.updated",
            "response.created",
            "rate_limits.updated",
            "response.output_item.added",
            "conversation.item.added",
            "response.content_part.added",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "conversation.item.done",
            "response.output_item.done",
            "response.done",
        ]

    played(scene, "Hello there.")


def test_a_reply_in_text_alone_has_no_sound() -> None:
    async def whole() -> None:
        async with serving_openai("Hello there.") as openai:
            model = RealtimeModel(modalities=["text"], turn_detection=None, **openai.address)
            async with _talking(model) as session:
                outcome = await hear(await session.generate_reply())
                assert (outcome.text, [*outcome.sound_s.values()]) == ("Hello there.", [0])
                assert openai.sessions[0].sent("response.output_text.done")[0]["text"] == "Hello there."
            await model.aclose()

    run_virtual(whole())


def test_what_the_model_had_before_its_first_word_is_kept() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        await session.update_instructions("Be brief.")
        await session.update_tools([get_weather])
        await tell(session, "How is the weather?")
        await hear(await session.generate_reply(instructions="It rains in Rome."))
        (prompt,) = openai.prompts
        assert prompt.instructions == "Be brief.\nIt rains in Rome."
        assert (prompt.said, prompt.tools) == ("How is the weather?", ("get_weather",))
        assert "rains" in prompt
        assert "snows" not in prompt

    played(scene, "It rains.")


def test_only_what_an_update_names_is_changed_and_null_takes_away() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        await session.update_tools([get_weather])
        await session.update_instructions("Be brief.")
        server = await openai.session()
        await server.until("session.updated", 3)
        created, updated = server.sent("session.created")[0]["session"], server.sent("session.updated")[-1]["session"]
        assert created["audio"]["input"]["turn_detection"]["type"] == "server_vad"
        assert updated["audio"]["input"]["turn_detection"] is None
        assert [tool["name"] for tool in updated["tools"]] == ["get_weather"]
        assert updated["instructions"] == "Be brief."
        assert updated["audio"]["output"]["voice"] == "marin"

    played(scene)


def test_a_tool_call_and_its_output() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        await session.update_tools([get_weather])
        (made,) = (await hear(await session.generate_reply())).calls
        assert (made.name, json.loads(made.arguments)) == ("get_weather", {"city": "Rome"})
        context = session.chat_ctx.copy()
        context.items.append(llm.FunctionCallOutput(call_id=made.call_id, output="sunny", is_error=False))
        await session.update_chat_ctx(context)
        assert (await hear(await session.generate_reply())).text == "It is sunny."
        assert [message.text for message in openai.prompts[1].messages] == ['get_weather {"city": "Rome"}', "sunny"]

    played(scene, call("get_weather", city="Rome"), "It is sunny.")


def test_words_and_a_tool_call_in_one_reply() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        outcome = await hear(await session.generate_reply())
        assert (outcome.text, [made.name for made in outcome.calls]) == ("One moment.", ["get_weather"])
        done = openai.sessions[0].sent("response.done")[0]["response"]
        assert [item["type"] for item in done["output"]] == ["message", "function_call"]

    played(scene, reply("One moment.", call("get_weather", city="Rome")))


def test_a_tool_call_that_the_output_limit_cuts_in_half_is_made_as_far_as_it_came() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        openai.fail("response", HalfCall())
        (made,) = (await hear(await session.generate_reply())).calls
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(made.arguments)
        server = openai.sessions[0]
        assert server.sent("response.done")[0]["response"]["status"] == "incomplete"
        assert server.sent("response.output_item.done")[0]["item"]["status"] == "incomplete"
        assert server.sent("response.function_call_arguments.done") == []

    played(scene, call("get_weather", city="Rome"))


def test_an_output_for_a_call_that_was_not_made_is_rejected() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        context = llm.ChatContext()
        context.items.append(llm.FunctionCallOutput(call_id="call_of_nobody", output="sunny", is_error=False))
        await session.update_chat_ctx(context)
        (error,) = openai.sessions[0].sent("error")
        assert error["error"]["code"] == "invalid_tool_call_id"

    played(scene)


def test_an_interrupted_reply_is_cancelled_and_cut_off_where_it_was_heard() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        server = await openai.session()
        generation = await session.generate_reply()
        await server.until("response.output_audio.delta", 3)
        session.interrupt()
        outcome = await hear(generation)
        assert outcome.text == "It is sunny"
        (message_id,) = outcome.sound_s
        session.truncate(message_id=message_id, modalities=["audio"], audio_end_ms=400)
        assert (await server.until("conversation.item.truncated"))["audio_end_ms"] == 400
        done = server.sent("response.done")[0]["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        await tell(session, "And tomorrow?")
        await hear(await session.generate_reply())
        assert [message.text for message in openai.prompts[1].messages] == ["It is", "And tomorrow?"]

    played(scene, "It is sunny today, and warm.", "Rain.", delta_s=0.2)


def test_a_reply_that_is_cancelled_before_it_began_ends_all_the_same() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        openai.fail("response", Late(5))
        server = await openai.session()
        coming = session.generate_reply()
        await server.until("response.create")
        session.interrupt()
        assert (await hear(await coming)).text == ""
        assert server.sent("response.done")[0]["response"]["status"] == "cancelled"

    played(scene)


def test_more_than_was_said_cannot_be_cut_off() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        (message_id,) = (await hear(await session.generate_reply())).sound_s
        session.truncate(message_id=message_id, modalities=["audio"], audio_end_ms=10_000)
        error = await openai.sessions[0].until("error")
        assert "already shorter than 10000ms" in error["error"]["message"]

    played(scene, "Hello.")


def _speak(session: llm.RealtimeSession, pcm: bytes) -> None:
    session.push_audio(rtc.AudioFrame(pcm, SAMPLE_RATE, 1, len(pcm) // 2))


def test_a_turn_in_sound_is_what_the_script_hears() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        openai.hears("What does it cost?")
        _speak(session, tone("What does it cost?"))
        session.commit_audio()
        assert (await hear(await session.generate_reply())).text == "Nine euros."
        assert openai.prompts[0].said == "What does it cost?"
        (item,) = openai.sessions[0].sent("conversation.item.added")[:1]
        assert item["item"]["content"][0]["type"] == "input_audio"

    played(scene, to("cost", "Nine euros."))


def test_a_turn_in_sound_is_what_an_ear_hears_in_it() -> None:
    said = tone("What does it cost?")

    async def ear(recording: bytes) -> str:
        return "What does it cost?" if recording == as_wav(said) else ""

    async def whole() -> None:
        async with (
            serving_openai("Nine euros.", ear=ear) as openai,
            plugins(openai, "realtime") as providers,
        ):
            assert providers.realtime
            async with _talking(providers.realtime) as session:
                _speak(session, said)
                session.commit_audio()
                await hear(await session.generate_reply())
            assert openai.prompts[0].said == "What does it cost?"

    run_virtual(whole())


def test_with_the_servers_turn_detection_a_voice_interrupts_and_silence_is_answered() -> None:
    async def whole() -> None:
        async with serving_openai("It is sunny today, and warm.", "Nine euros.", delta_s=0.2) as openai:
            model = RealtimeModel(**openai.address)
            openai.hears("And what does it cost?")
            async with _talking(model) as session:
                server = await openai.session()
                await session.generate_reply()
                await server.until("response.output_audio.delta", 2)
                _speak(session, tone("And what does it cost?") + bytes(SAMPLE_RATE * 2))
                await server.until("response.done", 2)
                done = [event["response"]["status_details"] for event in server.sent("response.done")]
                assert done == [{"type": "cancelled", "reason": "turn_detected"}, None]
                (heard,) = server.sent("conversation.item.input_audio_transcription.completed")
                assert heard["transcript"] == openai.prompts[1].said == "And what does it cost?"
                kinds = [event["type"] for _, event in server.log if event["type"].startswith("input_audio_buffer.s")]
                assert kinds == ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
            await model.aclose()

    run_virtual(whole())


def test_a_reply_costs_what_is_new_and_what_is_cached() -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        await session.update_instructions("x" * 40)
        await tell(session, "y" * 20)
        for _ in range(2):
            await hear(await session.generate_reply())
        first, second = (event["response"]["usage"] for event in openai.sessions[0].sent("response.done"))
        # 40 and 20 characters are 10 and 5 tokens, 1.2 s of the model's sound 24.
        assert (first["input_tokens"], first["input_token_details"]["cached_tokens"]) == (15, 0)
        assert first["output_token_details"] == {"text_tokens": 5, "audio_tokens": 24}
        assert second["input_token_details"]["text_tokens"] == 15
        assert second["input_token_details"]["audio_tokens"] == 24
        cached = second["input_token_details"]["cached_tokens_details"]
        assert (cached["text_tokens"], cached["audio_tokens"]) == (15, 24)
        assert (second["input_token_details"]["cached_tokens"], second["total_tokens"]) == (39, 39 + 1 + 4)

    played(scene, "z" * 20, "Yes.")


def test_what_follows_an_item_that_is_gone_is_not_cached() -> None:
    items = [Item({"id": name, "type": "function_call_output", "output": "x" * 40}) for name in "abc"]
    cost = usage(7, [items[0], items[2]], ["a", "b", "c"], [])
    assert (cost["input_tokens"], cost["input_token_details"]["cached_tokens"]) == (27, 17)


HELLO = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello?"}]}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"type": "response.createe"}, "invalid_value"),
        ({"type": "session.update", "session": {"type": "realtime", "colour": "red"}}, "unknown_parameter"),
        ({"type": "conversation.item.delete", "item_id": "item_of_nobody"}, "item_delete_invalid_item_id"),
        ({"type": "conversation.item.create", "item": {**HELLO, "id": "x" * 33}}, "string_above_max_length"),
        ({"type": "response.cancel"}, "response_cancel_not_active"),
        ({"type": "input_audio_buffer.commit"}, "input_audio_buffer_commit_empty"),
    ],
)
def test_what_openai_would_not_take_is_an_error_and_the_session_goes_on(event: dict[str, object], code: str) -> None:
    async def scene(openai: ScriptedOpenAI, session: llm.RealtimeSession) -> None:
        session.send_event({**event, "event_id": "mine"})  # type: ignore[attr-defined]
        error = (await (await openai.session()).until("error"))["error"]
        assert (error["code"], error["event_id"]) == (code, "mine")
        assert (await hear(await session.generate_reply())).text == "Hello."

    played(scene, "Hello.")
