"""The turn that was ended last, for as long as the caller may still be going on with it."""

from collections.abc import Callable

_JOIN_WITHIN_S = 1.5  # an answer is heard about 0.5 s after its turn ended
_JOIN_WHILE_PENDING_S = 20.0  # a mind that answers later than this hangs: what is said then stands by itself
# Who speaks as soon as the answer begins was not done, and does not yet speak of it: people take longer to react.
_ANSWER_HEARD_S = 0.5


class LastTurn:
    """One per call. Without `joins`, each turn stands."""

    def __init__(self, clock: Callable[[], float], *, joins: bool = True) -> None:
        self._clock = clock
        self._joins = joins
        self.text = ""  # nothing, once it stands
        self._ended_at = self._spoke_at = float("-inf")
        self._audible_s = 0.0

    def ended(self, text: str, spoke_at: float) -> None:
        """It is taken to be over; `spoke_at` was its last sound."""
        self.text = text if self._joins else ""
        self._ended_at, self._spoke_at = self._clock(), spoke_at

    def answering(self, window_s: float, *, audible: bool, caller_speaks: bool) -> None:
        """Another window. Once its answer was heard, what the caller says is a turn of its own."""
        heard = self._audible_s >= _ANSWER_HEARD_S or (self._audible_s > 0 and not audible)
        self._audible_s = self._audible_s + window_s if audible else 0.0
        if heard and not caller_speaks:
            self.text = ""

    def goes_on(self, voiced_s: float, *, pending: bool) -> bool:
        """Whether who has spoken for `voiced_s` goes on with it; `pending`: its answer is still to come."""
        if not self.text:
            return False
        within_s = _JOIN_WHILE_PENDING_S if pending else _JOIN_WITHIN_S
        if self._clock() - self._ended_at > within_s + voiced_s:
            self.text = ""
        return bool(self.text)

    def take(self, voiced_s: float) -> tuple[str, float]:
        """Its words, which are the beginning of the next now, and how long the caller had paused, in seconds."""
        text, self.text = self.text, ""
        return text, self._clock() - voiced_s - self._spoke_at
