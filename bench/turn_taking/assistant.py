"""The other side of a case: who speaks as planned, falls silent when told, and answers what has ended."""

from collections.abc import Callable
from dataclasses import dataclass

from insta_voice.agent.turns.ports import BargeIn, Ended, Event, Resumed

# From the end of a turn to the answer's first sound (`make demo`: 0.25 s to leave the agent, and the way to the ear).
ANSWER_HEARD_AFTER_S = 0.4
_ANSWER_LASTS_S = 3.0


@dataclass(slots=True)
class Answer:
    """To `text`; heard from `from_s` on, unless it was cut off before, until `until_s`."""

    text: str
    from_s: float
    until_s: float

    @property
    def heard(self) -> bool:
        return self.until_s > self.from_s


class Assistant:
    """`clock`: seconds since the case began."""

    def __init__(self, clock: Callable[[], float], speaks_until_s: float) -> None:
        self._clock = clock
        self._speaks_until_s = speaks_until_s
        self.answers: list[Answer] = []

    def audible(self) -> bool:
        now = self._clock()
        return now < self._speaks_until_s or any(answer.from_s <= now < answer.until_s for answer in self.answers)

    def reply_pending(self) -> bool:
        """Whether an answer is to come, or to be heard to its end."""
        return bool(self.answers) and self._clock() < self.answers[-1].until_s

    def take(self, event: Event) -> None:
        now = self._clock()
        match event:
            case BargeIn() | Resumed():
                self._fall_silent(now)
            case Ended(text):
                self._fall_silent(now)
                begins_s = now + ANSWER_HEARD_AFTER_S
                self.answers.append(Answer(text, begins_s, begins_s + _ANSWER_LASTS_S))

    def _fall_silent(self, now: float) -> None:
        self._speaks_until_s = min(self._speaks_until_s, now)
        for answer in self.answers:
            answer.until_s = min(answer.until_s, now)
