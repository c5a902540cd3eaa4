"""What is made ready while the caller still speaks: it makes the answer sooner, and nothing else."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.memory_call.call import calling
from tests.support.minds import found, passage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.turns.ports import Expected
from insta_voice.calls import Turn
from insta_voice.knowledge import Context, Evidence, Sentence

OTHER = "Our prices are on the page about plans."
QUESTION, ANSWER = "How do I reset my password?", "Choose Forgot password, and follow the link in the mail."
NEXT, NEXT_ANSWER = "And how do I change it?", "Open Settings, and choose Security."


@dataclass
class Held:
    """What came of a call."""

    turns: list[Turn]
    items: list[tuple[str, str]]  # of the conversation, as the next mind would read them, in no order
    conversation: Context
    searched: list[str]
    answered_after_s: float  # the first question, at the ear


async def _held(data_dir: Path) -> Held:
    searched: list[str] = []

    async def search(heard: str, context: Context) -> tuple[Evidence, ...]:
        searched.append(heard)
        await asyncio.sleep(0.05)
        text = ANSWER if "password" in heard else NEXT_ANSWER if "change" in heard else OTHER
        return found(heard, replace(passage(text), sentences=(Sentence(text, 0.95),)))

    async with calling("local", search=search, data_dir=data_dir) as call:
        for question, answer in ((QUESTION, ANSWER), (NEXT, NEXT_ANSWER)):
            await call.says(question)
            await call.answered(answer)
        begins_s = next(piece.begins_s for piece in call.ear.pieces if piece.begins_s > call.asked[0][0])
        session = call.conversation.session
        return Held(
            list(call.notes.turns),
            sorted((item.type, getattr(item, "text_content", None) or "") for item in session.history.items),
            session.userdata.evidence.conversation,
            searched,
            begins_s - call.asked[0][0],
        )


def _expecting(monkeypatch: pytest.MonkeyPatch, guess: Callable[[Expected], Expected | None]) -> None:
    expect = Ahead.expect

    def guessed(ahead: Ahead, turn: Expected) -> None:
        if (wrong := guess(turn)) is not None:
            expect(ahead, wrong)

    monkeypatch.setattr(Ahead, "expect", guessed)


def _told(held: Held) -> list[dict[str, Any]]:
    """All of a turn but how long it took, when, and what was used for it."""
    left_out = ("timings_ms", "spending", "key", "started_at", "ended_at")
    return [{name: value for name, value in asdict(turn).items() if name not in left_out} for turn in held.turns]


@on_virtual_clock
async def test_an_answer_that_was_foreseen_is_heard_sooner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sooner = await _held(tmp_path)
    _expecting(monkeypatch, lambda turn: None)
    later = await _held(tmp_path)
    assert sooner.answered_after_s < later.answered_after_s - 0.05
    _, asked, answered, *_ = sooner.turns
    assert asked.timings_ms["searches_ahead"] >= 1
    assert asked.timings_ms["clauses_ahead"] >= 1
    assert answered.timings_ms["clause_ahead"] == 1.0
    _, asked, answered, *_ = later.turns
    assert asked.timings_ms["searches_ahead"] == asked.timings_ms["clauses_ahead"] == 0.0
    assert "clause_ahead" not in answered.timings_ms


@pytest.mark.parametrize(
    "wrong",
    ["Please open a ticket.", "Goodbye.", "Speak slower, please.", "Which plan am I on?", "How much is it?", "No."],
)
@on_virtual_clock
async def test_a_guess_that_is_wrong_has_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    with monkeypatch.context() as without:
        _expecting(without, lambda turn: None)
        plain = await _held(tmp_path)
    _expecting(monkeypatch, lambda turn: replace(turn, text=wrong))
    held = await _held(tmp_path)
    assert wrong in held.searched, "it was guessed"
    assert _told(held) == _told(plain)
    assert held.items == plain.items
    assert held.conversation == plain.conversation
    assert all("clause_ahead" not in turn.timings_ms for turn in held.turns)
