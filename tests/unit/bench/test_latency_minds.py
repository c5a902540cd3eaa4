"""What the scripted model of the latency bench says to whom, and what each process is told of it."""

import pytest
from bench.latency.minds.mind import MINDS, SEARCH, Told, variables
from bench.latency.minds.reply import reply_to
from bench.latency.score import score
from bench.latency.script import NOTHING_KNOWN, PAUSED, QUESTIONS, TAKES_TURN
from bench.latency.table import table
from tests.support.openai.chat import prompt_of
from tests.support.openai.checked import Json
from tests.support.openai.script import ToolCall

ASKED, ANSWER = QUESTIONS[0].text, QUESTIONS[0].answer


def said(role: str, text: str) -> Json:
    return {"role": role, "content": text}


def parts(*messages: Json, tool: str = "") -> tuple[str | ToolCall, ...]:
    """What is said or called after these messages, where `tool` may be called."""
    tools = [{"type": "function", "function": {"name": tool}}] if tool else []
    return reply_to(prompt_of({"model": "scripted", "messages": [*messages], "tools": tools})).parts


def found(text: str) -> tuple[Json, Json]:
    """A call of the tool, and what it tells."""
    made = {"id": "call_1", "type": "function", "function": {"name": SEARCH, "arguments": "{}"}}
    calls = {"role": "assistant", "content": None, "tool_calls": [made]}
    return calls, {"role": "tool", "tool_call_id": "call_1", "content": text}


def test_a_question_is_looked_up_where_there_is_a_tool_for_it_and_then_answered() -> None:
    system, asked = said("system", "You are the assistant."), said("user", ASKED)
    (called,) = parts(system, asked, tool=SEARCH)
    assert isinstance(called, ToolCall)
    assert (called.name, called.arguments) == (SEARCH, {"query": ASKED})
    assert parts(system, asked, *found(ANSWER), tool=SEARCH) == (ANSWER,)
    next_one = said("user", QUESTIONS[1].text)
    (called,) = parts(system, asked, *found(ANSWER), said("assistant", ANSWER), next_one, tool=SEARCH)
    assert isinstance(called, ToolCall)


def test_who_has_searched_before_is_answered_at_once() -> None:
    evidence = said("system", "Evidence for what the customer just said.")
    assert parts(said("user", ASKED), evidence, tool="answer_from_company_kb") == (ANSWER,)


@pytest.mark.parametrize("tool", ["", SEARCH])
def test_words_that_ask_nothing_are_not_looked_up(tool: str) -> None:
    assert parts(said("user", ASKED), said("assistant", "On the"), said("user", TAKES_TURN[0]), tool=tool) == (
        NOTHING_KNOWN,
    )


def test_a_question_in_two_messages_is_one() -> None:
    question = PAUSED[0]
    both = [said("user", question.pause_after), said("user", question.text.removeprefix(question.pause_after).strip())]
    assert parts(*both) == (question.answer,)
    (called,) = parts(*both, tool=SEARCH)
    assert isinstance(called, ToolCall)
    assert called.arguments == {"query": question.text}


def test_a_process_is_told_of_its_mind_and_of_no_model_where_none_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for mind in MINDS:
        with monkeypatch.context() as process:
            for name, value in variables(mind, "http://127.0.0.1:1/v1", "a key").items():
                process.setenv(name, value)
            told.append(Told.by_environment())
    model = ("http://127.0.0.1:1/v1", "a key")
    assert told == [Told("responder", "", ""), Told("llm", *model), Told("tool", *model)]


@pytest.mark.parametrize("mind", MINDS)
def test_a_table_says_which_mind(mind: str) -> None:
    (one,) = (one for one in MINDS if one == mind)
    assert table({"us": score([])}, one).startswith(f"Mind `{mind}`: ")
