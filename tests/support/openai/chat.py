"""`POST /v1/chat/completions`, streamed."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.openai.answer import Answer
from tests.support.openai.checked import Json, checked, new_id
from tests.support.openai.pace import Pace
from tests.support.openai.received import Message, Prompt
from tests.support.openai.refusals import Refusal, Refused
from tests.support.openai.script import Reply, ToolCall
from tests.support.openai.sound import words
from tests.support.openai.tokens import text_tokens

from openai.types.chat import ChatCompletionChunk

_ARGUMENT_PIECES = 4  # OpenAI streams a call's arguments in pieces of a few characters


def prompt_of(body: Json) -> Prompt:
    """What the model is given by this request; Refused as OpenAI refuses messages that do not fit together."""
    messages = [*_messages(body["messages"])]
    tools = tuple(tool["function"]["name"] for tool in body.get("tools", ()))
    told = "\n".join(message.text for message in messages if message.role in ("system", "developer"))
    return Prompt(told, tuple(messages), tools, body)


def _messages(raw: list[Json]) -> Iterator[Message]:
    open_calls: set[str] = set()
    for position, message in enumerate(raw):
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                raise _invalid("messages with role 'tool' must be a response to a preceding message with 'tool_calls'")
            open_calls.discard(message["tool_call_id"])
            yield Message("output", _text(message["content"]))
            continue
        if open_calls:
            raise _invalid(f"tool messages are missing before messages.[{position}]: {', '.join(sorted(open_calls))}")
        if text := _text(message.get("content")):
            yield Message(message["role"], text)
        for made in message.get("tool_calls", ()):
            open_calls.add(made["id"])
            yield Message("call", f"{made['function']['name']} {made['function']['arguments']}")
    if open_calls:
        raise _invalid(f"tool messages are missing at the end: {', '.join(sorted(open_calls))}")


def _text(content: str | list[Json] | None) -> str:
    if isinstance(content, list):
        return "\n".join(part["text"] for part in content if part["type"] == "text")
    return content or ""


def _invalid(message: str) -> Refused:
    return Refused(Refusal(400, "invalid_value", message))


async def stream(answer: Answer, prompt: Prompt, reply: Reply, pace: Pace) -> None:
    """Send `reply` in chunks."""
    due_s = pace.due_s(sum(len(words(part)) for part in reply.parts if isinstance(part, str)))
    head = {"id": new_id("chatcmpl"), "object": "chat.completion.chunk", "created": 1, "model": prompt.body["model"]}

    async def chunk(choices: list[Json], **more: Any) -> None:
        await answer.event(checked(ChatCompletionChunk, {**head, "choices": choices, **more}))

    async def delta(finish: str | None = None, **fields: Any) -> None:
        await chunk([{"index": 0, "delta": fields, "finish_reason": finish, "logprobs": None}])

    await answer.begin("text/event-stream")
    calls, finish = 0, "stop"
    for part in reply.parts:
        if isinstance(part, ToolCall):
            await answer.until(pace.first_s)
            begun = {"name": part.name, "arguments": ""}
            await delta(tool_calls=[{"index": calls, "id": part.call_id, "type": "function", "function": begun}])
            pieces = pieces_of(part)
            limit = answer.fault.limit(len(pieces))
            for piece in pieces[:limit]:
                await delta(tool_calls=[{"index": calls, "function": {"arguments": piece}}])
            calls, finish = calls + 1, "tool_calls" if limit is None else "length"
        else:
            for word in words(part):
                await answer.until(next(due_s))
                await delta(role="assistant", content=word)
    await delta(finish)
    if prompt.body.get("stream_options", {}).get("include_usage"):
        await chunk([], usage=_usage(prompt, reply))
    await answer.event("[DONE]")


def pieces_of(made: ToolCall) -> list[str]:
    """The arguments of a call as they are streamed."""
    text = json.dumps(made.arguments)
    size = -(-len(text) // _ARGUMENT_PIECES)
    return [text[start : start + size] for start in range(0, len(text), size)]


def _usage(prompt: Prompt, reply: Reply) -> Json:
    asked = text_tokens(*(message.text for message in prompt.messages), prompt.body.get("tools") or "")
    said = text_tokens(*(part if isinstance(part, str) else part.arguments for part in reply.parts))
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
