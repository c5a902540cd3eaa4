"""What has been said in a turn until now: words that stand, and words that are still being recognised."""

from insta_voice.agent.turns.ports import Transcription
from insta_voice.agent.turns.recognition import Attempt
from insta_voice.agent.turns.words import TurnWords


class SoFar:
    """One turn, in fragments between real pauses."""

    def __init__(self, words: TurnWords) -> None:
        self._words = words
        self._fragments: list[str] = []
        self._owed: list[Attempt] = []  # of fragments that follow, in order; still being recognised
        self._confidence: float | None = None
        self.pauses = 0
        self.before = ""  # the turn that was taken to be over and goes on

    @property
    def owed(self) -> bool:
        """Whether recognition of what was said before a pause is still under way."""
        return bool(self._owed)

    def owe(self, attempt: Attempt) -> None:
        """What it recognises stands, whenever it is done."""
        self._owed.append(attempt)
        self.pauses += 1

    def keep(self, recognised: Transcription) -> None:
        """This stands."""
        self._keep(recognised)
        self.pauses += 1

    def collect(self) -> None:
        """What is done by now, in the order it was said. What failed can be said again."""
        while self._owed and self._owed[0].done:
            attempt = self._owed.pop(0)
            if not attempt.task.cancelled() and not attempt.task.exception():
                self._keep(attempt.result())

    def whole(self, text: str = "") -> str:
        """With `text` after it; without the turn that goes on."""
        return self._words.joined([*self._fragments, text])

    def joined(self, fragment: str) -> str:
        """The turn that goes on, and `fragment`."""
        return self._words.joined([self.before, fragment])

    def confidence(self, other: float | None = None) -> float | None:
        """The least, of what stands and `other`; 0 to 1, None where nobody gives any."""
        return _least(self._confidence, other)

    def give_up(self) -> None:
        """What is still being recognised is not waited for."""
        for attempt in self._owed:
            attempt.cancel()
        self._owed = []

    def _keep(self, recognised: Transcription) -> None:
        self._fragments.append(recognised.text)
        self._confidence = _least(self._confidence, recognised.confidence)


def _least(one: float | None, other: float | None) -> float | None:
    return min(one, other) if one is not None and other is not None else (other if one is None else one)
