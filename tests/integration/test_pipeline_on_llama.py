"""Mode `pipeline` with a language model on a server that nobody here wrote, which only speaks OpenAI's protocol: a call
in memory, on the real clock. What the model says is beside the point, and how soon is judged elsewhere.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from livekit.agents import AgentStateChangedEvent, llm
from tests.support.llama import serving_llama
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.minds import found, passage

from insta_voice.agent import thinking
from insta_voice.agent.prompts import instructions, told
from insta_voice.agent.tools import TOOLS
from insta_voice.calls import Turn
from insta_voice.costs import Usage
from insta_voice.knowledge import Context, Evidence, Sentence

MODEL = "smollm2"
QUESTION = "How do I reset my password?"
STEP = "Open the sign-in page and choose Forgot password."
NEXT, NEXT_STEP = "How long does the link work?", "The link works for one hour."
_PATIENCE_S = 60.0  # on a busy machine the first word takes ten seconds
# Its sentences rest on nothing and would be left out: that is tested with models that make things up on purpose.
UNCHECKED = {"OPENAI_LLM_MODEL": MODEL, "KNOWLEDGE_CHECK_ANSWERS": "false"}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinking, "FIRST_WORD_WITHIN_S", _PATIENCE_S)
    monkeypatch.setattr(thinking, "NEXT_WORD_WITHIN_S", _PATIENCE_S)


async def search(question: str, context: Context) -> tuple[Evidence, ...]:
    text = NEXT_STEP if "link" in question else STEP
    return found(question, replace(passage(text), sentences=(Sentence(text, 0.95),)))


async def answer_of(call: MemoryCall, mind: str, number: int = 1) -> Turn:
    """The assistant's turn of this number among those of `mind`, once it is written."""
    async with asyncio.timeout(_PATIENCE_S):
        while len(said := [turn for turn in call.notes.turns if turn.mind == mind]) < number:
            await call.notes.more()
    return said[number - 1]


def used(turn: Turn) -> Usage:
    (usage,) = [usage for usage in turn.spending.usages if usage.model == MODEL]
    return usage


def refused_and_unknown() -> Iterator[llm.ChatItem]:
    """Calls of tools that came to nothing."""
    refused = told("tool_no_delivery", support_contact="support@tidewater.example")
    for name, output in (("open_ticket", refused), ("no_such_tool", "Unknown function: no_such_tool")):
        yield llm.FunctionCall(call_id=f"call-{name}", name=name, arguments="{}")
        yield llm.FunctionCallOutput(call_id=f"call-{name}", name=name, output=output, is_error=True)


async def test_answers_are_streamed_heard_and_counted_whatever_came_of_the_tools_it_was_offered(tmp_path: Path) -> None:
    async with (
        serving_llama(answer_tokens=16) as llama,
        calling("pipeline", search=search, data_dir=tmp_path, OPENAI_LLM_BASE_URL=llama.url, **UNCHECKED) as call,
    ):
        await call.says(QUESTION)
        answer = await answer_of(call, MODEL)
        schemas = json.dumps(llm.ToolContext(TOOLS).parse_function_tools("openai"))
        offered = await llama.tokens(f"{instructions('Tidewater')} {schemas}")
        agent = call.conversation.session.current_agent
        said_before = agent.chat_ctx.copy()
        said_before.items += refused_and_unknown()
        await agent.update_chat_ctx(said_before)
        await call.says(NEXT)
        next_answer = await answer_of(call, MODEL, 2)
        heard = "".join(letter.text for letter in call.ear.heard())
    for turn in (answer, next_answer):
        assert turn.heard.encode("ascii", "replace").decode().split()[0] in heard
        assert used(turn).text_output_tokens in range(1, 17)
    assert used(answer).text_input_tokens > 0.8 * offered  # the template writes a tool a little shorter than JSON


async def test_a_server_that_goes_in_mid_sentence_is_stood_in_for_then_and_afterwards(
    tmp_path: Path,
) -> None:
    async with (
        serving_llama(answer_tokens=2000) as llama,
        calling("pipeline", search=search, data_dir=tmp_path, OPENAI_LLM_BASE_URL=llama.url, **UNCHECKED) as call,
    ):
        speaks = asyncio.Event()

        def changed(event: AgentStateChangedEvent) -> None:
            if event.new_state == "speaking":
                speaks.set()

        call.conversation.session.on("agent_state_changed", changed)
        await call.says(QUESTION)
        await speaks.wait()
        await llama.cut()
        half = await call.answered(STEP)
        await call.says(NEXT)
        whole = await call.answered(NEXT_STEP)
    assert half.heard.endswith(STEP)
    assert whole.heard == NEXT_STEP
    assert (half.mind, whole.mind) == ("grounded", "grounded")
