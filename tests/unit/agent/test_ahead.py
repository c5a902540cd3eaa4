"""What is made ready while the caller still speaks: it makes the answer sooner, and nothing else."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from livekit.agents import ToolError, llm
from tests.support.memory_call.call import calling
from tests.support.minds import found, passage
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.responder.turn import Decision
from insta_voice.agent.tools import TOOLS
from insta_voice.agent.turns.ports import Expected
from insta_voice.calls import Turn
from insta_voice.knowledge import Context, Evidence, Sentence
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.tts import LocalTTS

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


class Voice(LocalTTS):
    """Notes what is prepared."""

    def __init__(self) -> None:
        super().__init__("", client=SpeechClient("http://127.0.0.1:9"))
        self.prepared_texts: list[str] = []

    def prepare(self, tokens: Iterable[str]) -> bool:
        self.prepared_texts.append("".join(tokens))
        return True


class Thinking:
    """Ahead alone: what it searches, decides and prepares for each guess."""

    def __init__(self, *, answers: bool = True, thinks: bool = True) -> None:
        self.searched: list[str] = []
        self.decisions: list[Decision] = []
        self.voice = Voice()
        self.account_read = 0
        self.account_error: ToolError | None = None
        self.broken = False
        self.context = llm.ChatContext.empty()
        responder = GroundedResponder("Acme", "help@acme.example", True, 0.5, self.decisions.append)
        tools = [tool for tool in TOOLS if isinstance(tool, llm.Tool)]
        self.evidence = TurnEvidence(self._search)
        mind = responder if answers else None
        self.ahead = Ahead(self.evidence, lambda: self.context, tools, mind, self.voice, self._account, thinks=thinks)

    async def _search(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        self.searched.append(heard)
        await asyncio.sleep(0.1)
        if self.broken:
            raise RuntimeError("a defect")
        return found(heard, replace(passage(ANSWER), sentences=(Sentence(ANSWER, 0.95),)))

    async def _account(self) -> str:
        self.account_read += 1
        if self.account_error is not None:
            raise self.account_error
        return json.dumps({"plan": "team"})

    async def expect(self, *guesses: str, confidence: float | None = None, apart_s: float = 0.0) -> None:
        for guess in guesses:
            self.ahead.expect(Expected(guess, confidence))
            await asyncio.sleep(apart_s)
        await asyncio.sleep(1.0)


@on_virtual_clock
async def test_what_is_thought_ahead_is_nobodys_decision_and_in_no_conversation() -> None:
    thinking = Thinking()
    await thinking.expect(QUESTION)
    assert thinking.voice.prepared_texts == [ANSWER]
    assert thinking.decisions == []
    assert thinking.context.items == []
    await thinking.ahead.aclose()


@on_virtual_clock
async def test_of_guesses_that_come_faster_than_they_are_searched_the_newest_is_thought_through() -> None:
    thinking = Thinking()
    await thinking.expect("How do", "How do I", "How do I", QUESTION, apart_s=0.03)
    assert thinking.searched == ["How do", QUESTION]
    assert thinking.voice.prepared_texts == [ANSWER]
    await thinking.expect(QUESTION)
    assert thinking.ahead.turn_over() == {"searches_ahead": 2.0, "clauses_ahead": 1.0}
    await thinking.expect(QUESTION)
    assert thinking.ahead.turn_over() == {"searches_ahead": 0.0, "clauses_ahead": 1.0}, "the search is still there"
    await thinking.ahead.aclose()


@on_virtual_clock
async def test_a_defect_in_one_guess_does_not_end_thinking_ahead() -> None:
    thinking = Thinking()
    thinking.broken = True
    await thinking.expect("How do I", QUESTION, apart_s=0.03)
    thinking.broken = False
    await thinking.expect("And how do I reset my password?")
    assert thinking.voice.prepared_texts == [ANSWER]
    await thinking.ahead.aclose()


@pytest.mark.parametrize(
    ("error", "said"), [(None, "You are on the Team plan."), (ToolError("It is away."), "account")]
)
@on_virtual_clock
async def test_the_account_is_read_where_the_answer_is_in_it(error: ToolError | None, said: str) -> None:
    thinking = Thinking()
    thinking.account_error = error
    await thinking.expect("which plan am I on")
    assert thinking.account_read == 1
    [text] = thinking.voice.prepared_texts
    assert said in text
    assert ("colleague" in text) is (error is not None)
    await thinking.ahead.aclose()


@on_virtual_clock
async def test_what_is_hardly_recognised_is_thought_of_as_such() -> None:
    thinking = Thinking()
    await thinking.expect(QUESTION, confidence=0.1)
    assert ANSWER not in thinking.voice.prepared_texts
    await thinking.ahead.aclose()


@on_virtual_clock
async def test_when_the_call_is_over_nothing_is_thought_any_more() -> None:
    thinking = Thinking()
    thinking.ahead.expect(Expected(QUESTION))
    await asyncio.sleep(0.05)
    await thinking.ahead.aclose()
    await asyncio.sleep(0)
    assert not [task for task in asyncio.all_tasks() if task.get_name() in ("think-ahead", "search-ahead")]
    assert thinking.voice.prepared_texts == []


@on_virtual_clock
async def test_it_can_be_left_at_the_evidence_or_left_out() -> None:
    searches, nothing = Thinking(answers=False), Thinking(thinks=False)
    await searches.expect(QUESTION)
    await nothing.expect(QUESTION)
    assert (searches.searched, searches.voice.prepared_texts) == ([QUESTION], [])
    assert (nothing.searched, nothing.voice.prepared_texts) == ([], [])
    assert nothing.ahead.turn_over() == {"searches_ahead": 0.0, "clauses_ahead": 0.0}
    await searches.ahead.aclose()
    await nothing.ahead.aclose()
