"""The caller's voice over the assistant's: who goes on.

It is held at once, for a moment: whoever wants the turn hears silence as soon as they have begun, and who only hums
misses nothing, as the voice goes on where it was held. What is recognised decides (`meaning`); until then so does time.
"""

from dataclasses import dataclass
from enum import Enum, auto

from insta_voice.agent.turns.meaning import Meaning

# A cough or a click is over by then; the shortest word that takes a turn ("no", "stop") is longer.
_SHORTEST_WORD_S = 0.2
_OVER_AFTER_S = 0.1  # of silence: what was so short and is over was no word
# What stops when the assistant stops was its echo, or somebody who only hummed; what it says is recognised by then.
_STOPPED_S = 0.25
_LONGEST_HOLD_S = 0.9  # for a recogniser that is late: a longer silence would be heard as the end


class Move(Enum):
    """What to do with the assistant's voice."""

    HOLD = auto()
    RELEASE = auto()
    YIELD = auto()


@dataclass(slots=True)
class Overlap:
    """From the moment a turn opens over the assistant's voice. Every method says what changes, if anything does."""

    holds: bool = True
    held: bool = False
    yielded: bool = False
    _held_s: float = 0.0
    _was_held: bool = False

    def passed(self, window_s: float, voiced_s: float, silence_s: float) -> Move | None:
        """Another window: seconds of voice in the turn until now, and of silence since."""
        if self.yielded or not self.holds:
            return None
        if not self._was_held:
            self.held = self._was_held = True
            return Move.HOLD
        if not self.held:
            return None
        self._held_s += window_s
        over = silence_s >= (_OVER_AFTER_S if voiced_s < _SHORTEST_WORD_S else _STOPPED_S)
        return self._release() if over or self._held_s >= _LONGEST_HOLD_S else None

    def heard(self, meaning: Meaning) -> Move | None:
        """More of it is recognised."""
        if self.yielded:
            return None
        if meaning is Meaning.SPEAKS:
            self.held, self.yielded = False, True
            return Move.YIELD
        return self._release() if meaning is not Meaning.UNCLEAR and self.held else None

    def over(self) -> Move | None:
        """The turn is over."""
        return self._release() if self.held else None

    def _release(self) -> Move:
        self.held = False
        return Move.RELEASE
