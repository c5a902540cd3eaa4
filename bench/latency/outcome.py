"""What a case came to: what was heard, and what the side wrote down of its turns meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bench.latency.call import Heard
from bench.latency.cases import Kind
from bench.latency.script import is_heard_in
from bench.latency.side import Turn

# No pause between sentences is so long: whoever is silent for longer has stopped.
STOPPED_MS = 700.0


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """As `Heard` has it, in milliseconds (None: it did not come to that). `whole`: the side took the question as one
    turn. `abandoned`: an answer was not said to its end.
    """

    kind: Kind
    question: str
    over: str
    voice_to_voice_ms: float | None
    talked_into: bool
    silent_after_ms: float | None
    ducked_after_ms: float | None
    hole_ms: float | None
    said_over: bool
    whole: bool
    abandoned: bool
    understood: str
    answer: str
    parts_ms: dict[str, float]

    @property
    def stopped(self) -> bool:
        """Whether it fell silent over what was said."""
        return self.abandoned or (self.hole_ms or 0.0) > STOPPED_MS


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """`used_s` are seconds of a processor by part, `memory_mb` what the process of the call has for itself."""

    greeted_after_ms: float | None
    lost: bool
    lasted_s: float
    used_s: dict[str, float]
    memory_mb: float | None
    cases: list[CaseOutcome] = field(default_factory=list)


def case_outcome(heard: Heard, turns: Iterable[Turn]) -> CaseOutcome:
    """`heard` with the turns of a whole call."""
    meanwhile = [turn for turn in turns if heard.began_s <= turn.at_s <= heard.ended_s]
    answers = [turn for turn in meanwhile if turn.speaker == "assistant"]
    return CaseOutcome(
        kind=heard.case.kind,
        question=heard.case.question.text,
        over=heard.case.over,
        voice_to_voice_ms=heard.voice_to_voice_ms,
        talked_into=heard.talked_into,
        silent_after_ms=heard.silent_after_ms,
        ducked_after_ms=heard.ducked_after_ms,
        hole_ms=heard.hole_ms,
        said_over=heard.said_over,
        whole=any(is_heard_in(text, heard.case.question.text) for text in caller_turns(meanwhile)),
        abandoned=any(turn.interrupted for turn in answers),
        understood=heard.understood or " ".join(turn.text for turn in meanwhile if turn.speaker == "caller"),
        answer=heard.text or " ".join(turn.text for turn in answers),
        parts_ms=dict(answers[0].parts_ms) if answers else {},
    )


def caller_turns(turns: Sequence[Turn]) -> list[str]:
    """What the caller said, turns with nothing of the assistant's between them taken together: a mind sees them so."""
    by_speaker = groupby((turn for turn in turns if turn.text), key=lambda turn: turn.speaker)
    return [" ".join(turn.text for turn in said) for speaker, said in by_speaker if speaker == "caller"]
