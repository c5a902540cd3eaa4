"""When each word of a clause is heard, for a voice that does not say: by its letters, at the pace measured so far."""

from livekit.agents.types import TimedString

_SECONDS_PER_LETTER = 0.075  # English read aloud: 150 words a minute of 5.3 letters
_WEIGHT = 0.5  # of the newest clause: a voice keeps its pace, digits and names do not


class Pace:
    """One per voice that is heard in a call."""

    def __init__(self) -> None:
        self._per_letter_s = _SECONDS_PER_LETTER

    def words(self, clause: str, starts_s: float) -> list[tuple[float, TimedString]]:
        """The words of `clause`, which begins `starts_s` into the utterance, each with its estimated beginning."""
        timed, at_s = [], starts_s
        for word in clause.split():
            ends_s = at_s + len(word) * self._per_letter_s
            timed.append((at_s, TimedString(f"{word} ", start_time=at_s, end_time=ends_s)))
            at_s = ends_s
        return timed

    def learn(self, clause: str, lasted_s: float) -> None:
        """How long `clause` really was."""
        letters = sum(map(len, clause.split()))
        if letters and lasted_s > 0:
            self._per_letter_s += _WEIGHT * (lasted_s / letters - self._per_letter_s)
