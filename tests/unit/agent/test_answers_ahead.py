"""A language model that is asked before the turn is over: its answer comes sooner, and a wrong guess has no effect."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from livekit.agents import llm
from tests.support.memory_call.call import calling
from tests.support.minds import ScriptedMind, found, passage
from tests.support.openai import call, to
from tests.support.openai.script import Line
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.answers_ahead import AnswersAhead
from insta_voice.agent.thinking import asked_once
from insta_voice.agent.turns.ports import Expected
from insta_voice.calls import Turn
from insta_voice.knowledge import Context, Evidence
from insta_voice.voice.breaker import Breakers

QUESTION, ANSWER = "I want to reset my password today", "Choose Forgot password."
TICKET = "Please open a ticket."


@dataclass
class Held:
    """What came of a call."""

    turns: list[Turn]
    items: list[tuple[str, str]]  # of the conversation, as the next mind would read them, in no order
    requests: int  # to the language model
    answered_after_s: float  # at the ear
    output_tokens: int  # of the language model's, that the call has counted


async def search(heard: str, context: Context) -> tuple[Evidence, ...]:
    return found(heard, passage(ANSWER))


async def _held(data_dir: Path, *, ahead: bool) -> Held:
    script: list[Line] = [to("password", ANSWER)] * 4
    script += [to("ticket", call("open_ticket", summary="unwanted"))] * 4
    variables = {"OPENAI_LLM_AHEAD": str(ahead), "VOICE_STT": "local", "VOICE_TTS": "local"}
    async with calling("pipeline", *script, search=search, data_dir=data_dir, **variables) as held:
        await held.says(QUESTION)
        await held.answered("Choose Forgot")
        (asked_at_s, _), *_ = held.asked
        begins_s = next(piece.begins_s for piece in held.ear.pieces if piece.begins_s > asked_at_s)
        history = held.conversation.session.history.items
        return Held(
            list(held.notes.turns),
            sorted((item.type, getattr(item, "text_content", None) or "") for item in history),
            len(held.openai.asked("/chat/completions")),
            begins_s - asked_at_s,
            sum(usage.text_output_tokens for turn in held.notes.turns for usage in turn.spending.usages),
        )


def _expecting(monkeypatch: pytest.MonkeyPatch, guess: Callable[[Expected], Expected]) -> None:
    expect = Ahead.expect
    monkeypatch.setattr(Ahead, "expect", lambda ahead, turn: expect(ahead, guess(turn)))


@on_virtual_clock
async def test_an_answer_that_was_asked_for_ahead_is_heard_sooner(tmp_path: Path) -> None:
    sooner, later = await _held(tmp_path, ahead=True), await _held(tmp_path, ahead=False)
    assert sooner.answered_after_s < later.answered_after_s - 0.05
    _, asked, answered = sooner.turns
    assert asked.timings_ms["answers_ahead"] == sooner.requests == 1
    assert answered.timings_ms["answer_ahead"] == 1.0
    _, asked, answered = later.turns
    assert later.requests == 1
    assert "answers_ahead" not in asked.timings_ms
    assert "answer_ahead" not in answered.timings_ms


@on_virtual_clock
async def test_a_guess_that_is_wrong_has_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = await _held(tmp_path, ahead=False)
    _expecting(monkeypatch, lambda turn: replace(turn, text=TICKET))
    held = await _held(tmp_path, ahead=True)
    assert held.requests == 2
    assert [turn.heard for turn in held.turns] == [turn.heard for turn in plain.turns]
    assert held.items == plain.items
    assert all("answer_ahead" not in turn.timings_ms for turn in held.turns)
    assert held.output_tokens > plain.output_tokens, "it is billed, and counted"


@on_virtual_clock
async def test_while_they_speak_it_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _expecting(monkeypatch, lambda turn: replace(turn, paused=False))
    held = await _held(tmp_path, ahead=True)
    assert held.requests == 1
    assert held.turns[1].timings_ms["answers_ahead"] == 0.0


def asking(text: str) -> llm.ChatContext:
    context = llm.ChatContext.empty()
    context.add_message(role="user", content=text)
    return context


async def test_only_what_was_asked_in_the_same_words_of_the_same_mind_is_given_and_once() -> None:
    mind, other = ScriptedMind(ANSWER, ANSWER, ANSWER), ScriptedMind(ANSWER)
    ahead = AnswersAhead(mind, Breakers(), asked_once())
    assert ahead.prepare(asking(QUESTION), [])
    assert not ahead.prepare(asking(QUESTION), []), "it is on its way"
    taken = ahead.take(mind, asking(QUESTION))
    assert taken is not None
    await taken.aclose()
    assert ahead.take(mind, asking(QUESTION)) is None
    for asked_of, text in ((other, QUESTION), (mind, TICKET)):
        ahead.prepare(asking(QUESTION), [])
        assert ahead.take(asked_of, asking(text)) is None
    await ahead.aclose()


async def test_a_mind_that_is_left_alone_is_not_asked_ahead() -> None:
    mind, breakers = ScriptedMind(ANSWER), Breakers()
    breakers.of(f"{mind.provider} {mind.model}").failed(hopeless=True)
    ahead = AnswersAhead(mind, breakers, asked_once())
    assert not ahead.prepare(asking(QUESTION), [])
    await ahead.aclose()
