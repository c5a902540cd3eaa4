"""Watches running calls: a caller whose agent died gets another, a call whose caller is gone is closed."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from insta_voice.auth.livekit import Participant, Rooms, job_metadata
from insta_voice.calls import CallRef, calls_missing_agent, claim_dispatch, close_call, release_dispatch
from insta_voice.db import Database
from insta_voice.errors import DBDriverError, MediaServerError
from insta_voice.telemetry import describe_exception

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
SILENT_AFTER = timedelta(seconds=5)  # the agent's heartbeat comes every 2 s: two were missed
ASK_AGAIN_AFTER = timedelta(seconds=8)  # a worker answers a dispatch within a second, or is not there
UNOPENED_PATIENCE_S = 6.0  # an agent needs a second or two from entering the room to opening the call
CALLER_GONE_AFTER_S = 20.0  # LiveKit lets a caller whose network changed come back for 15 s
BLIND_AFTER_OUTAGE_S = 6.0  # agents could not say that they live either; their next heartbeats are on the way


class CallWatcher:
    """One process's watch. Several may run: the database decides who asks for an agent."""

    def __init__(self, db: Database, rooms: Rooms, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._rooms = rooms
        self._clock = clock
        # As after an outage: where this process is new, the database may be too, and has not heard of agents that live.
        # Their calls must not be taken from them. A watcher that runs is not slowed by it; a caller whose agent died
        # while nobody watched has been told by the page, and waits these seconds longer for another.
        self._seeing_from = clock() + BLIND_AFTER_OUTAGE_S
        self._waiting_since: dict[UUID, float] = {}

    async def run(self) -> None:
        """Look every two seconds until cancelled; an outage of the database or the media server is waited out."""
        failing = False
        while True:
            try:
                await self.look()
                failing = False
            except (DBDriverError, MediaServerError) as error:
                if not failing:
                    log.warning("calls cannot be watched for now: %s", describe_exception(error))
                failing = True
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once at every call without a living agent and do what it needs, each for itself.

        MediaServerError when none of them could be looked at; DBDriverError.
        """
        try:
            missing = await calls_missing_agent(self._db, silent_for=SILENT_AFTER)
        except DBDriverError:
            self._seeing_from = self._clock() + BLIND_AFTER_OUTAGE_S
            raise
        self._waiting_since = {
            ref.call_id: self._waiting_since[ref.call_id] for ref in missing if ref.call_id in self._waiting_since
        }
        if self._clock() < self._seeing_from:
            return
        results = await asyncio.gather(*(self._mend(ref) for ref in missing), return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        for failure in failures:
            if not isinstance(failure, MediaServerError) or len(failures) == len(missing):
                raise failure
        for ref, result in zip(missing, results, strict=True):
            if isinstance(result, MediaServerError):
                log.warning("call %s could not be looked at: %s", ref.call_id, describe_exception(result))

    async def _mend(self, ref: CallRef) -> None:
        participants = await self._rooms.participants(ref.room_name)
        if any(someone.identity == ref.user_id for someone in participants):
            if self._has_waited_enough(ref):
                await self._bring_agent(ref, participants)
            return
        self._waiting_since.pop(ref.call_id, None)
        if not ref.opened:
            return  # nobody came yet, or the room was never made; it expires by itself
        if ref.silent_s > CALLER_GONE_AFTER_S:
            if await close_call(self._db, call_id=ref.call_id, reason="caller_left"):
                log.info("call %s had neither agent nor caller and is closed", ref.call_id)
            await self._rooms.delete(ref.room_name)

    def _has_waited_enough(self, ref: CallRef) -> bool:
        """An open call's agent had a heartbeat to miss; of an unopened one we know only since when we see a caller."""
        if ref.opened:
            return True
        since = self._waiting_since.setdefault(ref.call_id, self._clock())
        return self._clock() - since >= UNOPENED_PATIENCE_S

    async def _bring_agent(self, ref: CallRef, participants: list[Participant]) -> None:
        if not await claim_dispatch(self._db, call_id=ref.call_id, pause=ASK_AGAIN_AFTER):
            return
        try:
            for someone in participants:
                if someone.is_agent:
                    await self._rooms.remove(ref.room_name, someone.identity)
            job = job_metadata(call_id=ref.call_id, user_id=ref.user_id, language=ref.language)
            await self._rooms.dispatch_agent(ref.room_name, job)
        except MediaServerError:
            await release_dispatch(self._db, call_id=ref.call_id)  # the next look asks, not the one in eight seconds
            raise
        log.warning("call %s has had no agent for %.0f s; another was asked for", ref.call_id, ref.silent_s)
