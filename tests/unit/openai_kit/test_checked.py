"""What the kit sends is OpenAI's own: an event with a wrong field does not leave it."""

import pytest
from openai.types.chat import ChatCompletionChunk
from tests.support.openai import serving_openai
from tests.support.openai.checked import SERVER_EVENTS, NotOpenAIsError, checked, realtime_event
from tests.support.openai.plugins import ask, plugins
from tests.support.virtual_clock import run_virtual

DELTA = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0, "delta": "AAAA"}


def test_an_event_of_openais_is_sent_as_it_is() -> None:
    event = realtime_event("response.output_audio.delta", **DELTA)
    assert {**event, "event_id": ""} == {"type": "response.output_audio.delta", "event_id": "", **DELTA}
    assert len(SERVER_EVENTS) > 40


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        ("response.audio.delta", DELTA, "no server event"),  # its name before 2025-08
        ("response.output_audio.delta", {**DELTA, "colour": "red"}, "colour"),
        ("response.output_audio.delta", {**DELTA, "output_index": "0"}, "output_index"),
        ("response.output_audio.delta", {"delta": "AAAA"}, "response_id"),
        ("conversation.item.added", {"item": {"type": "message", "role": "user", "content": [{"tone": 1}]}}, "tone"),
        ("response.done", {"response": {"id": "resp_1", "status": "finished"}}, "status"),
        ("session.created", {"session": {"id": "s", "object": "realtime.session", "type": "realtime", "x": 1}}, "x"),
    ],
)
def test_an_event_that_openai_would_not_send_fails(kind: str, fields: dict[str, object], problem: str) -> None:
    with pytest.raises(NotOpenAIsError, match=problem):
        realtime_event(kind, **fields)


def test_a_chunk_that_openai_would_not_send_fails() -> None:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []}
    assert checked(ChatCompletionChunk, chunk) == chunk
    with pytest.raises(NotOpenAIsError, match="choices"):
        checked(ChatCompletionChunk, {**chunk, "choices": [{"text": "Hello."}]})


def test_a_mistake_of_the_script_fails_the_test_that_made_it() -> None:
    async def scene() -> None:
        async with serving_openai() as openai, plugins(openai) as providers:
            assert providers.llm
            await ask(providers.llm, "Is it sunny?")

    with pytest.raises(AssertionError, match="no line after 'Is it sunny\\?'"):
        run_virtual(scene())


def test_a_mistake_of_the_script_is_named_where_it_shows() -> None:
    async def scene() -> None:
        async with serving_openai() as openai, plugins(openai) as providers:
            assert providers.llm
            assert (await ask(providers.llm, "Is it sunny?")).text == "It is."

    with pytest.raises(AssertionError) as raised:
        run_virtual(scene())
    assert "no line after 'Is it sunny?'" in raised.value.__notes__[0]
