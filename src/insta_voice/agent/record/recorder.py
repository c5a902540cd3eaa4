"""The record while it happens: each finished turn is written at once, in order, without gaps.

Numbers are given when a turn begins. A turn is written when it is finished and all before it are. While the database
is away finished turns wait here, and are written in the same order when it is back. The record has the last word on
numbers: when another agent of the call has written turns meanwhile, ours follow those.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

from insta_voice.calls import Search, Source, Speaker, Turn
from insta_voice.costs import NOTHING, Spending
from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.25, 2.0  # a turn is in the database within 2 s of the database's return
_MOST_WAITING = 400  # turns; far more than a call of half an hour has


@dataclass(slots=True)
class OpenTurn:
    """A turn under way. Whoever began it fills it in and gives it to `finish`."""

    number: int
    speaker: Speaker
    kind: str
    started_at: datetime
    text: str = ""
    heard: str = ""
    mind: str = "app"
    interrupted: bool = False
    sources: tuple[Source, ...] = ()
    unsupported: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    spending: Spending = NOTHING
    ended_at: datetime | None = None
    emptied: bool = False
    done: bool = False  # it is written, or given up
    key: UUID = field(default_factory=uuid4)

    def empty(self) -> None:
        """Give up what was said; that something was said, and what it cost, stays."""
        self.text = self.heard = ""
        self.sources = self.unsupported = self.searches = ()
        self.timings_ms = {}
        self.emptied = True


class Recorder:
    """`write` puts one turn into the record, returns the number it got there, and may raise InstaVoiceError; writing
    the same one again adds what is new in its timings. `spent` gives what a turn of this side used, once.
    """

    def __init__(
        self,
        write: Callable[[Turn], Awaitable[int]],
        *,
        next_number: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        spent: Callable[[Speaker], Spending] = lambda speaker: NOTHING,
    ) -> None:
        self._write = write
        self._spent = spent
        self._now = now
        self._next_number = next_number
        self._turns: deque[OpenTurn] = deque()
        self._changed = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self.emptied = 0  # turns whose words were given up: too many waited, or the record refused them

    def begin(self, speaker: Speaker, kind: str, *, ago_s: float = 0.0) -> OpenTurn:
        """Take the next number. `ago_s`: how long ago the turn began, when that is known only now."""
        turn = OpenTurn(self._next_number, speaker, kind, self._now() - timedelta(seconds=ago_s))
        self._next_number += 1
        self._turns.append(turn)
        self._empty.clear()
        return turn

    def finish(self, turn: OpenTurn) -> None:
        """Nothing about `turn` changes any more: it may be written. A second time has no effect."""
        if turn.ended_at is not None:
            return
        turn.ended_at = self._now()
        turn.spending = self._spent(turn.speaker)
        if sum(waiting.ended_at is not None for waiting in self._turns) > _MOST_WAITING:
            self._empty_out(turn)
        self._changed.set()

    def complete(self, turn: OpenTurn) -> None:
        """There is more in the timings of `turn`: one that is written already, or just now, is written once more."""
        still_to_come = any(waiting is turn for waiting in islice(self._turns, 1, None))
        if turn.ended_at is None or turn.emptied or still_to_come:
            return
        self._turns.append(turn)
        self._empty.clear()
        self._changed.set()

    async def run(self) -> None:
        """Write, until cancelled. What the record refuses is written without its words: a gap in the numbers would
        have it refuse all that follows."""
        retry_s = _FIRST_RETRY_S
        while True:
            while self._turns and self._turns[0].ended_at is not None:
                try:
                    number = await self._write(_finished(self._turns[0]))
                except Exception as error:  # whatever it is, the turns after it are still to be written
                    if isinstance(error, InstaVoiceError) and error.retryable:
                        log.warning("the record cannot be written, %d turns wait: %s", len(self._turns), error.code)
                        await asyncio.sleep(retry_s)
                        retry_s = min(2 * retry_s, _LONGEST_RETRY_S)
                    else:
                        self._refused(self._turns[0], error)
                    continue
                retry_s = _FIRST_RETRY_S
                self._drop_first(number)
            if not self._turns:
                self._empty.set()
            self._changed.clear()
            await self._changed.wait()

    def _refused(self, turn: OpenTurn, error: Exception) -> None:
        why = f"{error.code} {error.detail}" if isinstance(error, InstaVoiceError) else type(error).__name__
        if turn.done:
            log.error("what became known of turn %d after its end cannot be recorded: %s", turn.number, why)
            self._drop_first(turn.number)
        elif turn.emptied:
            log.error("turn %d cannot be recorded at all: %s", turn.number, why)
            self._drop_first(turn.number - 1)
        else:
            log.error("turn %d is recorded without its words, which were refused: %s", turn.number, why)
            self._empty_out(turn)

    def _drop_first(self, last_number: int) -> None:
        """The first turn is done with, and the record's last number is this: what follows is numbered from there."""
        first = self._turns.popleft()
        if first.done:
            return  # it had its number the first time
        moved = last_number - first.number
        if moved > 0:
            log.warning("another agent's turns came before ours: the numbers go on %d later", moved)
        first.number, first.done = last_number, True
        for turn in self._turns:
            if not turn.done:
                turn.number += moved
        self._next_number += moved

    def _empty_out(self, turn: OpenTurn) -> None:
        turn.empty()
        self.emptied += 1

    @property
    def waiting(self) -> int:
        """Turns that are not written yet."""
        return len(self._turns)

    async def flush(self, timeout_s: float | None = None) -> bool:
        """Finish what is open and wait until all is written; False when `timeout_s` was not enough."""
        for turn in self._turns:
            self.finish(turn)
        self._changed.set()
        try:
            await asyncio.wait_for(self._empty.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


def _finished(turn: OpenTurn) -> Turn:
    assert turn.ended_at is not None
    return Turn(
        key=turn.key,
        number=turn.number,
        speaker=turn.speaker,
        text=turn.text,
        heard=turn.heard,
        interrupted=turn.interrupted,
        sources=turn.sources,
        timings_ms=turn.timings_ms,
        mind=turn.mind,
        kind=turn.kind,
        unsupported=turn.unsupported,
        searches=turn.searches,
        spending=turn.spending,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
    )
