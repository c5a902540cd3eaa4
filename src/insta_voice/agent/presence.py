"""Whether the caller is there: comes, loses the connection, comes back, hangs up."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from livekit import rtc
from livekit.agents import JobContext

from insta_voice.agent.dispatch import Refused, Superseded
from insta_voice.agent.tasks import Tasks

_JOINS_WITHIN_S = 20.0  # the page joins before the agent is dispatched; a redispatch finds the caller there
_RETURNS_WITHIN_S = 15.0  # a train tunnel; the room's departure timeout is as long
_LOOKS_EVERY_S = 0.5  # a look costs nothing, and nobody hears half a second of it


class Presence:
    """`left` is called when the caller has gone for good: hung up, stayed away, or the room was deleted."""

    def __init__(self, context: JobContext, user_id: str, tasks: Tasks, left: Callable[[], None]) -> None:
        self._context = context
        self._user_id = user_id
        self._tasks = tasks
        self._left = left
        self._out_of_room = asyncio.Event()
        context.room.on("participant_disconnected", self._participant_left)
        context.room.on("disconnected", self._disconnected)

    async def arrival(self) -> None:
        """The participant whose identity the dispatch names; nobody else is heard. Raises Refused."""
        try:
            async with asyncio.timeout(_JOINS_WITHIN_S):
                await self._context.wait_for_participant(identity=self._user_id)
        except TimeoutError:
            raise Refused("the caller never came") from None

    def refuse_second(self) -> None:
        """Raises Superseded when an agent that came earlier is here. A process that hung while it was to take the call
        wakes up when the watcher has long brought the next one; two would answer every question twice. Of two that
        come together, each of whom may see the other, one stays.
        """
        mine = _turn_of(self._context.room.local_participant)
        others = self._context.room.remote_participants.values()
        if any(_is_agent(other) and _turn_of(other) < mine for other in others):
            raise Superseded

    async def out_of_room(self, *, within_s: float) -> None:
        """Until the agent itself is in the room no more, at most for so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._out_of_room.wait(), within_s)

    def _participant_left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity != self._user_id:
            return
        if participant.disconnect_reason == rtc.DisconnectReason.CLIENT_INITIATED:
            self._left()
        else:
            self._tasks.spawn(self._lost(), "caller-lost")

    async def _lost(self) -> None:
        """The connection broke: they may come back into the same call."""
        deadline = time.monotonic() + _RETURNS_WITHIN_S
        while time.monotonic() < deadline:
            if self._user_id in self._context.room.remote_participants:
                return
            await asyncio.sleep(_LOOKS_EVERY_S)
        self._left()

    def _disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        """The agent itself. Taken out of the room, or cut off from it, it says nothing of the caller."""
        self._out_of_room.set()
        if reason == rtc.DisconnectReason.ROOM_DELETED:
            self._left()


def _is_agent(someone: rtc.Participant) -> bool:
    return someone.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT


def _turn_of(someone: rtc.Participant) -> tuple[float, str]:
    """When the room's server let them in, to the millisecond: whoever came later sees who came before. Within one, the
    identity decides.
    """
    return someone.joined_at.timestamp() if someone.joined_at else 0.0, someone.identity
