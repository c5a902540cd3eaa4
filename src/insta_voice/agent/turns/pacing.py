"""How long a pause must be before the caller's turn is taken to be over."""

from dataclasses import dataclass

from insta_voice.agent.turns.words import TurnWords


@dataclass(frozen=True, slots=True)
class Pacing:
    """Seconds of silence. Thinking pauses inside a sentence are 0.4 to 0.6 s in our recordings."""

    # A whole question or request, unless the voice clearly goes on. Less cuts two questions at the breath between them.
    complete_s: float = 0.30
    likely_s: float = 0.55  # the voice is sure that it is over
    doubtful_s: float = 1.0  # it only says so: after a third of all ends, and two of five pauses in sentences
    unsure_s: float = 1.3  # the voice says it goes on, the words say it may be over
    unfinished_s: float = 1.7  # "and then I …": both say it goes on
    # LiveKit's own threshold of v1-mini for English (inference/eot/languages.py).
    over_probability: float = 0.36
    surely_over_probability: float = 0.6
    goes_on_probability: float = 0.2  # below it: a seventh of the pauses in sentences, and no end (bench.turn_taking)


@dataclass(slots=True)
class Habit:
    """How this caller pauses where others would be done: what cut them short once does not do so again."""

    longest_s: float = 0.0
    learns: bool = True

    def went_on_after(self, pause_s: float) -> None:
        """They went on after a silence which was, or would soon have been, taken for the end."""
        if self.learns and pause_s <= _LONGEST_PAUSE_S:
            self.longest_s = max(self.longest_s, min(pause_s, _LONGEST_HABIT_S))

    def finished(self) -> None:
        """A turn is over: one long pause in a call is no habit."""
        self.longest_s *= _FADES

    def patience_s(self, pause_needed_s: float) -> float:
        """The silence that ends a turn of this caller, where `pause_needed_s` would end that of others."""
        return max(pause_needed_s, _LONGER_THAN_THEIRS * self.longest_s)


_LONGEST_HABIT_S = 0.6  # who thinks for longer is waited for by their words, or joined to what they said before
_LONGEST_PAUSE_S = 1.5  # in a sentence; after a longer one they have waited for an answer, and add something
_FADES = 0.7  # after three turns without one, a pause counts a third
_LONGER_THAN_THEIRS = 1.15


def pause_needed_s(
    text: str, end_probability: float | None, pacing: Pacing, words: TurnWords | None, *, is_request: bool = False
) -> float:
    """The silence after `text` that ends the turn.

    `end_probability`: 0 to 1 from the end-of-turn model, None when it gave none in time. `is_request`: all of it is
    something that the assistant can do. Without `words` the voice alone decides.
    """
    over = end_probability if end_probability is not None else pacing.over_probability
    surely = over >= pacing.surely_over_probability
    if words is None:
        return _by_voice_s(over, pacing)
    if words.looks_unfinished(text):
        return pacing.unsure_s if surely else pacing.unfinished_s
    if words.may_be_half_a_number(text):
        return pacing.likely_s if surely else pacing.unsure_s
    if is_request or words.looks_complete(text):
        return pacing.likely_s if over < pacing.goes_on_probability else pacing.complete_s
    return _by_voice_s(over, pacing)


def _by_voice_s(over: float, pacing: Pacing) -> float:
    """As for words that say nothing."""
    if over < pacing.over_probability:
        return pacing.unsure_s
    return pacing.likely_s if over >= pacing.surely_over_probability else pacing.doubtful_s
