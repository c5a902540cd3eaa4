"""Rows in real calls: a fault strikes a question that a caller asks on WebRTC, and their ear says what came of it when.

What is said cannot be read from sound here, so all of the silence is measured: after the fault the caller waits for
nothing longer than for the first that they are promised to hear.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.support.calls import TestCall, spoken
from tests.support.openai import ScriptedOpenAI, reply
from tests.support.openai.received import Prompt
from tests.support.openai.script import Reply
from tests.support.poll import eventually_async
from tests.support.provider_faults.judge import HEARD_WITHIN_S, LONGEST_SILENCE_S, Verdict
from tests.support.provider_faults.noted import Noted
from tests.support.provider_faults.rows import WHERE, Row

from insta_voice.calls import CallDetail, Turn

TIMES = 2.0  # by how much a promised time may be exceeded: other tests use the machine at the same time
_ANSWERED_WITHIN_S = 40.0


@dataclass(frozen=True, slots=True)
class Question:
    """`ends` is said at the end of every answer to it, the model's and the grounded responder's."""

    says: str
    about: str  # a word of it that no other question has
    answer: str  # the model's: half of it is heard before a fault in its midst
    ends: str


RESET = Question(
    "How do I reset my password?",
    "password",
    "Open the sign-in page first, and then choose Forgot password there. We send you a link to your email address, and "
    "the link lets you set a new password.",
    "set a new password",
)
EMAIL = Question(
    "How do I change my email address?",
    "email",
    "Open Settings first, and then choose Profile and Change email there. We send a confirmation link to the new "
    "address, and the change takes effect when you open that link.",
    "open that link",
)
INVITE = Question(
    "How do I invite a teammate?",
    "invite",
    "Open Settings first, and then choose Members and Invite there. Each person gets an email with a link to your "
    "workspace that works for seven days.",
    "seven days",
)
CANCEL = Question(
    "How do I cancel my subscription?",
    "cancel",
    "An administrator opens Settings, and cancels the subscription under Billing there. Your plan runs until the end "
    "of the period that you have paid for.",
    "paid for",
)


def mind(prompt: Prompt) -> Reply:
    """The model's answer to the question, however often it is asked."""
    heard = prompt.said.lower()
    answers = (question.answer for question in (RESET, EMAIL, INVITE, CANCEL) if question.about in heard)
    return reply(next(answers, RESET.answer))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the caller heard of a row; `asked` is the number of its question in the call."""

    row: Row
    asked: int
    text: str
    after_s: float  # the longest silence since the fault, or since the question where that came later
    silence_s: float  # the longest since the question


@dataclass
class FaultyCall:
    """A call in which providers fail, one question after the other."""

    openai: ScriptedOpenAI
    call: TestCall
    asked: int = 0

    async def meets(self, row: Row, question: Question) -> Heard:
        """Ask aloud while this goes wrong, and hear the answer out. AssertionError when there is none."""
        ear, struck = self.call.caller.ear, list[float]()
        began_s = time.monotonic()
        self._fail(row, struck)
        self.openai.hears_always(question.says)
        asked_s = await self.call.caller.microphone.say(spoken(question.says))
        text = await self._hear_out(question.ends, began_s)
        if row.provider == "recogniser":
            self.openai.fail_always("transcriptions", None)
        assert struck, f"{row} never struck"
        self.asked += 1
        sounds_s = ear.sounds_since(asked_s)
        from_s = max(asked_s, struck[0])
        return Heard(row, self.asked, text, _silence_s(from_s, sounds_s), _silence_s(asked_s, sounds_s))

    async def asks_in_writing(self, text: str, ends: str) -> None:
        """What hangs on what was said before."""
        began_s = time.monotonic()
        await self.call.caller.type(text)
        await self._hear_out(ends, began_s)
        self.asked += 1

    def _fail(self, row: Row, struck: list[float]) -> None:
        def strikes() -> None:
            struck.append(time.monotonic())

        where, fault = WHERE[row.provider], Noted(row.script(), strikes)
        if row.moment == "between two turns":
            strikes()
            self.openai.sessions[-1].cut()
        elif row.provider == "recogniser":
            self.openai.fail_always(where, fault)
        elif row.provider == "voice" and row.moment == "during its speech":
            self.openai.fail(where, None, fault)  # the first clause is well
        else:
            self.openai.fail(where, fault)

    async def _hear_out(self, ends: str, since_s: float) -> str:
        caller = self.call.caller

        async def said() -> str:
            text = " ".join(line.text for line in caller.lines if line.at_s >= since_s and not line.by_caller)
            return text if ends in text else ""

        text = await eventually_async(said, within_s=_ANSWERED_WITHIN_S, what=f"an answer with “{ends}”")
        await caller.ear.silence(timeout_s=_ANSWERED_WITHIN_S)
        return text


def _silence_s(from_s: float, sounds_s: Sequence[float]) -> float:
    """The longest from then to the last sound."""
    moments = [from_s, *(at_s for at_s in sounds_s if at_s > from_s)]
    return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)


def verdict(heard: Heard, turns: Sequence[Turn]) -> Verdict:
    """Whether the row holds, and who answered it by the record."""
    within_s = TIMES * (HEARD_WITHIN_S if _shows_at_once(heard.row) else LONGEST_SILENCE_S)
    wrong = []
    if heard.after_s > within_s:
        wrong.append(f"{heard.after_s:.2f} s of silence after it showed")
    if heard.silence_s > TIMES * LONGEST_SILENCE_S:
        wrong.append(f"{heard.silence_s:.2f} s of silence")
    minds = dict.fromkeys(turn.mind for turn in _answers(turns, heard.asked))
    return Verdict(heard.text, heard.after_s, heard.silence_s, " → ".join(minds), tuple(wrong))


def _shows_at_once(row: Row) -> bool:
    """Whether it breaks an answer, and says so. What strikes before the question has been heard to its end can only
    make the answer late, and an answer is late on a busy machine without it too.
    """
    return not (row.is_silent or row.provider == "recogniser" or row.moment == "between two turns")


def _answers(turns: Sequence[Turn], asked: int) -> list[Turn]:
    """What the assistant said to the caller's turn of this number."""
    begins = [place for place, turn in enumerate(turns) if turn.speaker == "caller"]
    after = turns[begins[asked - 1] : begins[asked] if asked < len(begins) else None]
    return [turn for turn in after if turn.speaker == "assistant"]


def shortcomings(record: CallDetail, asked: int) -> list[str]:
    """What the record of a call with so many questions lacks."""
    wrong = []
    if [turn.number for turn in record.turns] != list(range(1, len(record.turns) + 1)):
        wrong.append("turns are missing")
    if (noted := sum(turn.speaker == "caller" for turn in record.turns)) != asked:
        wrong.append(f"{noted} of {asked} questions are noted")
    ours = [turn for turn in record.turns if turn.speaker == "assistant"]
    if without := [turn.number for turn in ours if not (turn.mind and (turn.heard or turn.interrupted))]:
        wrong.append(f"of turns {without} it is not known who spoke, or what was heard")
    return wrong
