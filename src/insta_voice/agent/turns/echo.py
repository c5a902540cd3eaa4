"""The assistant's own voice in the caller's microphone: known by its words, and from then on by its loudness."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from insta_voice.agent.turns.levels import level_dbfs
from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S

_FEWEST_WORDS = 2  # one word of the assistant's may be the caller's own
_ECHOED, _ECHOED_OF_MANY = 0.75, 0.6  # of the words; some are misheard, and many in order are no chance
_MANY_WORDS = 4
_ALIKE = 0.7  # of the letters: "account" and "count" are 0.83, "mail" and "meal" 0.75
_ABOVE_ECHO_DB = 6.0  # a caller at the same microphone is at least this much louder than a loudspeaker's echo
_BELOW_CALLER_DB = 9.0  # most windows of speech are within it of the loudest
_FAR_BELOW_CALLER_DB = 27.0  # what a voice loses from 20 cm to 4 m
_USUAL_CALLER_DBFS = -15.0  # until it is known: the loudest window of speech at -20, as browsers level it
_WINDOW_BYTES = round(WINDOW_S * SAMPLE_RATE) * 2


def is_echo(said: Sequence[str], saying: Sequence[str]) -> bool:
    """Whether `said` are words of `saying`, in its order, as far as they can be told apart."""
    found = _in_order(said, saying)
    enough = _ECHOED_OF_MANY if len(said) >= _MANY_WORDS else _ECHOED
    return found >= _FEWEST_WORDS and found / len(said) >= enough


def may_be_echo(said: Sequence[str], saying: Sequence[str]) -> bool:
    """Whether `said` is too little to tell, and has a word of `saying`."""
    return len(said) <= _FEWEST_WORDS and any(word in saying for word in said)


def _in_order(said: Sequence[str], saying: Sequence[str]) -> int:
    found, after = 0, 0
    for word in said:
        place = next((at for at in range(after, len(saying)) if _alike(word, saying[at])), None)
        if place is not None:
            found, after = found + 1, place + 1
    return found


def _alike(word: str, other: str) -> bool:
    if word == other:
        return True
    compared = SequenceMatcher(None, word, other, autojunk=False)
    # The quick ones are never below the exact one: most words are told apart by their lengths.
    return all(ratio() >= _ALIKE for ratio in (compared.real_quick_ratio, compared.quick_ratio, compared.ratio))


@dataclass(slots=True)
class EchoFloor:
    """One per call. Knows no echo until one was heard; a caller with headphones never has one. No caller becomes
    inaudible by it: whoever repeats the assistant's words is taken for its echo, and is as loud as a caller.
    """

    echo_dbfs: float | None = None
    caller_dbfs: float = _USUAL_CALLER_DBFS

    @property
    def heard(self) -> bool:
        """Whether there is one in this call."""
        return self.echo_dbfs is not None

    def learn(self, pcm: bytes) -> None:
        """This was the assistant's voice: 16-bit mono, 16 kHz."""
        heard = _loudest_dbfs(pcm)
        self.echo_dbfs = heard if self.echo_dbfs is None else max(self.echo_dbfs, heard)

    def learn_caller(self, pcm: bytes) -> None:
        """This was the caller, while the assistant was silent."""
        self.caller_dbfs = _loudest_dbfs(pcm)

    def masks(self, pcm: bytes) -> bool:
        """Whether a window over the assistant's voice is not louder than its echo was, or too soft for this caller:
        somebody else in the room.
        """
        level = level_dbfs(pcm)
        if self.echo_dbfs is None:
            return level < self.caller_dbfs - _FAR_BELOW_CALLER_DB
        return level < min(self.echo_dbfs + _ABOVE_ECHO_DB, self.caller_dbfs - _BELOW_CALLER_DB)


def _loudest_dbfs(pcm: bytes) -> float:
    windows = (pcm[start : start + _WINDOW_BYTES] for start in range(0, len(pcm), _WINDOW_BYTES))
    return max((level_dbfs(window) for window in windows), default=_USUAL_CALLER_DBFS)
