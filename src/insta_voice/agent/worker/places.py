"""The calls a worker can hold: taken one by one, given back when a call's process ends."""

import logging
from collections.abc import Callable

from livekit.agents import JobRequest

from insta_voice.agent.worker.admission import Admission

log = logging.getLogger(__name__)

# Just below 0.7, the load from which LiveKit's server skips a worker: only a full one is skipped.
_LOAD_OF_THE_LAST_FREE_PLACE = 0.69


class Places:
    """Load is said in calls, so that a busy small machine does not lose a caller."""

    def __init__(
        self, capacity: int, *, held: Callable[[], int] = lambda: 0, admission: Admission | None = None
    ) -> None:
        """`held`: the calls that have their process now; `admission` is asked of each job that comes."""
        self.capacity = capacity
        self.held = held
        self.admission = admission
        self._coming = 0  # accepted, and their process is not there yet

    @property
    def taken(self) -> int:
        return self.held() + self._coming

    def load(self) -> float:
        """0 to 1; below LiveKit's threshold until the last place is taken."""
        return 1.0 if self.taken >= self.capacity else _LOAD_OF_THE_LAST_FREE_PLACE * self.taken / self.capacity

    async def accept(self, request: JobRequest) -> None:
        """Take the call if there is a place and it is not over; the place is taken while that is asked."""
        if self.taken >= self.capacity:
            log.warning("no place for another call: %d are held", self.taken)
            await request.reject(terminate=False)  # LiveKit asks another worker
            return
        self._coming += 1
        try:
            if self.admission is not None and not await self.admission.admits(request):
                await request.reject(terminate=True)  # no other worker need be asked
                return
            await request.accept(name="assistant", identity=f"assistant-{request.id}")
        finally:
            self._coming -= 1
