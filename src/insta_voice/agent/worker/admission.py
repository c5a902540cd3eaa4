"""Whether a job still has a call, asked before a process is spent on it.

A join token opens its room for minutes after the call has ended, LiveKit renews it for whoever comes, and each room
that opens asks for an agent: without this, one token used again and again keeps a machine busy.
"""

import asyncio
import logging
from typing import Final, Protocol

from livekit.agents import JobRequest

from insta_voice.agent.dispatch import Refused, dispatched
from insta_voice.agent.tasks import Tasks
from insta_voice.auth.livekit import Rooms
from insta_voice.calls import may_be_held
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

# A client whose room goes while it is still connecting waits for an answer that never comes.
_CONNECTED_WITHIN_S: Final = 5.0
_ASKED_WITHIN_S: Final = 0.3  # answered in 2 ms; a database that is away costs a caller this much, not the call


class Admission(Protocol):
    """What `Places` asks of a job before it takes it."""

    async def admits(self, request: JobRequest) -> bool:
        """False for a call that is over."""
        ...


class CallAdmission:
    """Asks the record. While it does not answer every job is admitted: the call itself asks again."""

    def __init__(
        self,
        db: Database,
        rooms: Rooms,
        *,
        within_s: float = _ASKED_WITHIN_S,
        closes_after_s: float = _CONNECTED_WITHIN_S,
    ) -> None:
        self._db = db
        self._rooms = rooms
        self._within_s = within_s
        self._closes_after_s = closes_after_s
        self._tasks = Tasks()

    async def admits(self, request: JobRequest) -> bool:
        """False for a call that is over or of another room; whoever came there is put out."""
        room = request.room.name
        try:
            dispatch = dispatched(request.job.metadata)
            async with asyncio.timeout(self._within_s):
                if await may_be_held(self._db, call_id=dispatch.call_id, user_id=dispatch.user_id, room_name=room):
                    return True
        except (InstaVoiceError, TimeoutError, Refused):
            return True
        log.warning("a room was opened for a call that is over; it is closed")
        self._tasks.spawn(self._close(room), "close-room")
        return False

    async def aclose(self) -> None:
        """Close no more rooms: LiveKit does it when they are empty."""
        await self._tasks.aclose()

    async def _close(self, room: str) -> None:
        await asyncio.sleep(self._closes_after_s)
        try:
            await self._rooms.delete(room)
        except InstaVoiceError as error:
            log.warning("the room could not be closed: %s", error.code)
