"""The record's side of a call: its row, its turns and its end, also while the database is away."""

import asyncio
import logging
import time
from collections.abc import Callable
from decimal import Decimal

from insta_voice.agent.dispatch import Dispatch, Refused
from insta_voice.agent.endings import Reason
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.record.recorder import Recorder
from insta_voice.calls import Call, Turn, close_call, free_line, get_call, open_call, record_turn, touch_call
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError, NotFoundError

log = logging.getLogger(__name__)

OPENED_WITHIN_S = 2.0  # a greeting without a name is better than silence
_CLOSED_WITHIN_S = 3.0  # before the room is told and taken down: whoever is in it waits for that
# A database that is restarted or fails over is back by then; a stopped worker has a minute after its drain.
SETTLED_WITHIN_S = 50.0
_AGAIN_AFTER_S = 1.0
_FREED_WITHIN_S = 1.0  # closing the record frees the line too


class LiveRecord:
    """One per call. `recorder` is there once the conversation begins."""

    def __init__(
        self,
        db: Database,
        dispatch: Dispatch,
        room_name: str,
        meter: Meter,
        *,
        prompt_version: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._prompt_version = prompt_version
        self._meter = meter
        self._call_id, self._user_id = dispatch.call_id, dispatch.user_id
        self._room_name = room_name
        self._clock = clock
        self._opened_at = 0.0
        self._reason: Reason | None = None
        self._closed = False
        self.opened: Call | None = None
        self.recorder: Recorder | None = None

    @property
    def resumed(self) -> bool:
        """Whether an earlier agent of this call was lost."""
        return self.opened is not None and self.opened.resumed

    def left_s(self, call_minutes: int) -> float:
        """How long the call may still take; `call_minutes` counts while the record cannot be asked."""
        if self.opened is None:
            return call_minutes * 60.0
        return self.opened.left_s - (self._clock() - self._opened_at)

    def left_usd(self, call_budget_usd: Decimal | None) -> Decimal | None:
        """What this agent may still let the call cost; `call_budget_usd` counts while the record cannot be asked."""
        return call_budget_usd if self.opened is None else self.opened.left_usd

    async def open(self) -> None:
        """The call's row. A database that is away is asked again by the first turn and the next heartbeat."""
        try:
            async with asyncio.timeout(OPENED_WITHIN_S):
                await self._row()
        except (InstaVoiceError, TimeoutError) as error:
            if isinstance(error, InstaVoiceError) and not error.retryable:
                raise Refused(f"this user may not hold this call: {error.code} {error.detail}") from None
            log.warning("the call's row could not be opened yet: %s", type(error).__name__)

    async def said_before(self) -> tuple[Turn, ...]:
        """What earlier agents of this call have written; nothing when the database does not answer in time."""
        if not self.resumed:
            return ()
        try:
            async with asyncio.timeout(OPENED_WITHIN_S):
                return (await get_call(self._db, self._user_id, self._call_id)).turns
        except (InstaVoiceError, TimeoutError) as error:
            log.warning("what was said before could not be read: %s", type(error).__name__)
            return ()

    def begin_turns(self) -> Recorder:
        """From here on there are turns; the recorder's `run` writes them."""
        next_number = self.opened.next_turn_number if self.opened else 1
        self.recorder = Recorder(self._write, next_number=next_number, spent=self._meter.take)
        return self.recorder

    async def touch(self) -> bool:
        """The heartbeat; False when the call is over."""
        await self._row()
        return await touch_call(self._db, call_id=self._call_id, user_id=self._user_id)

    async def free_line(self) -> None:
        """The caller has left: they may call again while the last turns are still being written."""
        if self.opened is None or self._reason is not None:
            return  # turns that wait for a database open the row themselves, which a left call refuses
        try:
            async with asyncio.timeout(_FREED_WITHIN_S):
                await free_line(self._db, call_id=self._call_id, user_id=self._user_id)
        except (InstaVoiceError, TimeoutError) as error:
            log.warning("the caller's line could not be freed at once: %s", type(error).__name__)

    async def close(self, reason: Reason) -> None:
        """Write what is left and end the call in the record, once, if the database answers; `settle` waits for it."""
        if self._reason is not None:
            return
        self._reason = reason
        try:
            async with asyncio.timeout(_CLOSED_WITHIN_S):
                await self._write_the_end()
        except TimeoutError:
            log.warning("the end of the call could not be written yet")

    async def settle(self) -> None:
        """The last of the call: write what is still to be written, and wait for a database that is away."""
        try:
            async with asyncio.timeout(SETTLED_WITHIN_S):
                await self._write_the_end()
        except TimeoutError:
            unwritten = self.recorder.waiting if self.recorder is not None else 0
            log.error("the call ended without the database: %d turns are lost; the sweeper closes it", unwritten)

    async def _write_the_end(self) -> None:
        """The turns, and then why it ended, if it did."""
        if self.recorder is not None:
            await self.recorder.flush()
        while self._reason is not None and not self._closed:
            try:
                await close_call(
                    self._db,
                    call_id=self._call_id,
                    reason=self._reason,
                    user_id=self._user_id,
                    spending=self._meter.left,
                )
                self._closed = True
            except InstaVoiceError as error:
                if not error.retryable:
                    log.error("the call's record could not be closed: %s; the sweeper does it", error.code)
                    return
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def _row(self) -> Call:
        """Opened by whoever needs it first. NotFoundError when it is of another room."""
        if self.opened is None:
            self._opened_at = self._clock()
            self.opened = await open_call(
                self._db, call_id=self._call_id, user_id=self._user_id, prompt_version=self._prompt_version
            )
        if self.opened.room_name != self._room_name:
            raise NotFoundError(detail="the call belongs to another room")
        return self.opened

    async def _write(self, turn: Turn) -> int:
        await self._row()
        return await record_turn(self._db, call_id=self._call_id, user_id=self._user_id, turn=turn)
