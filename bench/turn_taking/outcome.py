"""What became of a case, from what happened in it."""

from dataclasses import dataclass

from bench.turn_taking.case import Case
from bench.turn_taking.drive import Trace
from bench.turn_taking.plan import Must
from bench.turn_taking.words import begins_with, is_whole, lost

from insta_voice.agent.turns.ports import BargeIn, Ended, Held, Released, Resumed

YIELDS_WITHIN_S = 2.0  # tau-voice's


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wait_s`: from the caller's last sound to the end of their turn; `answered_s`: to the first sound of the first
    answer, negative when the caller was still speaking; `barge_in_s`: from the caller's first sound.
    """

    name: str
    kind: str
    sort: str
    must: Must
    good: bool  # what must happen did
    false_ends: int  # turns that ended before the last sound
    resumed: int  # of them, taken back before an answer was heard
    talked_into: bool  # an answer was heard before the last sound
    halved: bool  # words of a false end are in no later turn: what was answered is a part
    whole: bool  # the last turn has all the words, but for what a recogniser swallows
    lost_words: int  # of the last turn
    wait_s: float | None
    answered_s: float | None
    barge_in_s: float | None
    turns: tuple[str, ...]

    @property
    def yielded(self) -> bool:
        return self.barge_in_s is not None and self.barge_in_s <= YIELDS_WITHIN_S


def _silences(trace: Trace) -> list[float]:
    """When the assistant fell silent for good, each time: held, and not let go on before it was ended."""
    silences: list[float] = []
    held_s: float | None = None
    for at_s, event in trace.events:
        match event:
            case Held():
                held_s = at_s
            case Released():
                held_s = None
            case BargeIn():
                silences.append(at_s if held_s is None else held_s)
                held_s = None
    return silences


def outcome(case: Case, trace: Trace) -> Outcome:
    """Of one played case."""
    plan = case.plan
    ended = [(at_s, event.text) for at_s, event in trace.events if isinstance(event, Ended)]
    early = [text for at_s, text in ended if at_s < case.sounds_until_s]
    after = [(at_s, text) for at_s, text in ended if at_s >= case.sounds_until_s]
    last = ended[-1][1] if ended else ""
    barge_ins = _silences(trace)
    heard = [answer.from_s for answer in trace.answers if answer.heard]
    whole = bool(plan.said and ended) and is_whole(plan.said, last)
    halved = bool(early) and (not after or not all(begins_with(last, text) for text in early))
    talked_into = bool(heard) and heard[0] < case.sounds_until_s
    barge_in_s = barge_ins[0] - case.sounds_from_s if barge_ins else None
    good = {
        Must.END_ONCE: whole and len(after) == 1 and not talked_into and not halved,
        Must.INTERRUPT: whole and len(after) == 1 and barge_in_s is not None and barge_in_s <= YIELDS_WITHIN_S,
        Must.LET_BE: not barge_ins and not ended,
        Must.BE_NO_TURN: not ended,
    }[plan.must]
    return Outcome(
        name=plan.name,
        kind=plan.kind,
        sort=plan.sort,
        must=plan.must,
        good=good,
        false_ends=len(early),
        resumed=sum(isinstance(event, Resumed) for _, event in trace.events),
        talked_into=talked_into,
        halved=halved,
        whole=whole,
        lost_words=lost(plan.said, last),
        wait_s=after[0][0] - case.sounds_until_s if after else None,
        answered_s=heard[0] - case.sounds_until_s if heard else None,
        barge_in_s=barge_in_s,
        turns=tuple(text for _, text in ended),
    )
