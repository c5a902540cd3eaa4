"""How long a model takes: to its first word, and to its last."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds since it was asked; the words between come evenly. A tool is called when the first word would come."""

    first_s: float = 0.0
    whole_s: float = 0.0

    def due_s(self, words: int) -> Iterator[float]:
        """When each of so many words is sent."""
        between_s = (self.whole_s - self.first_s) / max(words - 1, 1)
        return (self.first_s + number * between_s for number in range(words))


AT_ONCE = Pace()
