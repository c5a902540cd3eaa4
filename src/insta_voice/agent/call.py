"""One call, from the job to its end: who calls, what is known of them, the conversation, and what watches over it."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from livekit.agents import JobContext

from insta_voice.agent.conversation import Conversation
from insta_voice.agent.dispatch import dispatched
from insta_voice.agent.endings import Ending, Reason, explanation, farewell
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.mechanisms import ALL
from insta_voice.agent.minds import Parts
from insta_voice.agent.presence import Presence
from insta_voice.agent.record.live_record import OPENED_WITHIN_S, LiveRecord
from insta_voice.agent.room import RoomChannel, refuse_video
from insta_voice.agent.speech.greeting import welcome_text
from insta_voice.agent.speech.rendering import Rendering
from insta_voice.agent.state import CallState
from insta_voice.agent.tasks import Tasks
from insta_voice.agent.turns.end_of_turn import LiveKitEndOfTurn
from insta_voice.agent.vocabulary import tell_recognizer
from insta_voice.agent.watch import heartbeat, silence, time_limit
from insta_voice.calls import Turn, can_deliver
from insta_voice.customers import get_profile, last_summary
from insta_voice.customers.accounts import CallAccount, account_source
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError
from insta_voice.knowledge import Context, Evidence, gather_evidence
from insta_voice.settings import Settings
from insta_voice.voice.providers import build_turn_detector

log = logging.getLogger(__name__)

_CONNECTED_WITHIN_S = 5.0  # for an end before the beginning; a room that is not there by then has nobody to tell
# LiveKit tells of a deleted room and ends its job, in either order, within milliseconds of each other.
_OUT_OF_ROOM_WITHIN_S = 0.5


class LiveCall:
    """Owns everything of one call. `start`, then `on_session_end` when the job is over."""

    def __init__(self, context: JobContext, settings: Settings, db: Database) -> None:
        """Raises Refused when the job names no call."""
        self._context = context
        self._settings = settings
        self._db = db
        self._parts: Parts = context.proc.userdata["parts"]
        self._dispatch = dispatched(context.job.metadata)
        self._tasks = Tasks()
        self._ending = Ending(self._finish)
        self._channel = RoomChannel(context.room)
        self._record = LiveRecord(
            db,
            self._dispatch,
            context.room.name,
            self._parts.meter,
            prompt_version=context.proc.userdata["prompt_version"],
        )
        self._presence: Presence | None = None
        self._conversation: Conversation | None = None
        self._account = CallAccount(
            account_source(db, settings), self._dispatch.user_id, keep_s=settings.account.cache_s
        )
        self._greeting: Rendering | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Join, check who is there, greet. Raises Refused and Superseded."""
        await self._db.open()
        refuse_video(self._context.room)
        presence = self._presence = Presence(self._context, self._dispatch.user_id, self._tasks, self._caller_left)
        connecting = self._connecting = self._tasks.spawn(self._context.connect(), "connect")
        (profile, summary), _ = await asyncio.gather(self._know(), self._record.open())
        self._tasks.spawn(self._parts.warm(), "warm-up")  # not before: a token used again would be work for providers
        self._account.prefetch()
        self._tasks.spawn(heartbeat(self._record.touch, lambda: self._ending.begin("closed")), "heartbeat")
        state = CallState(
            self._dispatch.call_id,
            self._dispatch.user_id,
            self._settings,
            self._db,
            evidence=TurnEvidence(self._gather),
            account=self._account,
            can_deliver_tickets=can_deliver(self._settings),
            profile=profile,
            last_summary=summary,
            language=self._parts.language,
        )
        resumed = self._record.resumed
        greeting = self._greeting = Rendering(self._parts.providers.tts, welcome_text(state, resumed=resumed))
        telling = tell_recognizer(self._db, self._parts.providers.stt, self._dispatch.user_id)
        self._tasks.spawn(telling, "key-terms")
        await connecting
        presence.refuse_second()
        await presence.arrival()
        await self._converse(state, greeting, await self._record.said_before())
        if resumed:
            await self._channel.call("resumed")

    async def _know(self) -> tuple[Any, Any]:
        """What makes the greeting personal; nothing when the database does not answer in time."""
        user_id = self._dispatch.user_id
        try:
            async with asyncio.timeout(OPENED_WITHIN_S):
                return await asyncio.gather(get_profile(self._db, user_id), last_summary(self._db, user_id))
        except (InstaVoiceError, TimeoutError) as error:
            log.warning("the caller's profile could not be read: %s", type(error).__name__)
            return None, None

    async def _gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        return await gather_evidence(
            self._db, self._parts.embedder, heard, user_id=self._dispatch.user_id, context=context
        )

    async def _converse(self, state: CallState, greeting: Rendering, said_before: Sequence[Turn]) -> None:
        recorder = self._record.begin_turns()
        voice_activity = self._context.proc.userdata["vad"]
        end_of_turn = LiveKitEndOfTurn(build_turn_detector())
        conversation = self._conversation = Conversation(
            state,
            self._parts,
            voice_activity,
            end_of_turn,
            recorder,
            self._channel,
            self._ending,
            said_before,
            self._context.proc.userdata.get("mechanisms", ALL),
        )
        self._tasks.spawn(recorder.run(), "record-turns")
        await conversation.start(self._context.room, greeting)
        longest_s = self._record.left_s(self._settings.limits.call_minutes)
        left_usd = self._record.left_usd(self._settings.costs.call_budget_usd)
        self._parts.meter.limit(left_usd, lambda: self._ending.begin("budget"))
        self._tasks.spawn(time_limit(longest_s, lambda: self._ending.begin("limit")), "time-limit")
        self._tasks.spawn(
            silence(
                conversation.patience,
                quiet=conversation.speech.quiet,
                ask=conversation.speech.are_you_there,
                give_up=lambda: self._ending.begin("silence"),
                clock=time.monotonic,
            ),
            "silence",
        )

    def _caller_left(self) -> None:
        """Also while another end is under way: nobody hears its farewell any more."""
        self._tasks.spawn(self._record.free_line(), "free-line")
        if self._conversation is not None:
            self._tasks.spawn(self._conversation.hush(), "hush")
        self._ending.begin("caller_left")

    async def _finish(self, reason: Reason) -> None:
        """Say farewell, write what is left, close the record, tell the room, take it down."""
        try:
            if (reason == "budget" or reason == "unable") and self._conversation is not None:
                await self._conversation.wrap_up(reason)
            elif (name := farewell(reason)) and self._conversation is not None:
                await self._conversation.farewell(name)
            await self._close_record(reason)
            await self._tell_end(reason)
            await self._context.delete_room()
        finally:
            self._context.shutdown(reason)

    async def _close_record(self, reason: Reason) -> None:
        if self._conversation is not None:
            await self._conversation.hush()
        await self._record.close(reason)

    async def _tell_end(self, reason: Reason) -> None:
        """Tell the room why, once it is there."""
        if self._connecting is not None:
            await asyncio.wait({self._connecting}, timeout=_CONNECTED_WITHIN_S)
        await self._channel.ended(explanation(reason, self._parts.language))

    def fail(self) -> None:
        """Something broke while the call was set up: the caller is told."""
        self._ending.begin("error")

    async def refuse(self) -> None:
        """The call is not served: whoever is in the room is told, and a row that was opened keeps nobody busy."""
        self._ending.reason = "refused"
        await self._tell_end("refused")
        if self._record.opened is not None:
            await self._record.close("refused")
        await self._context.delete_room()

    def step_back(self) -> None:
        """Another agent holds the call: room and record are its own."""
        self._ending.reason = "refused"  # nothing is left to end

    async def on_session_end(self) -> None:
        """The job is over, however that came: a stopped worker, a deleted room, a lost one, or our own ending."""
        if self._ending.reason is None:
            await self._leave()
        await self._ending.wait()
        await self._record.settle()
        await self._tasks.aclose()
        if self._greeting is not None:
            self._greeting.cancel()
        if self._conversation is not None:
            await self._conversation.aclose()
        await self._account.aclose()
        await self._parts.aclose()
        await self._db.close()

    async def _leave(self) -> None:
        """The job ends and the call did not."""
        if self._presence is not None:
            await self._presence.out_of_room(within_s=_OUT_OF_ROOM_WITHIN_S)
        if self._ending.reason is not None:  # the room was deleted: the caller has left
            return
        if self._context.room.isconnected():  # the worker stops
            self._ending.reason = "shutdown"
            await self._close_record("shutdown")
            await self._channel.ended(explanation("shutdown", self._parts.language))
            await self._context.delete_room()
        else:
            # Taken out of the room, or the media server is gone: the call goes on with another agent, or is closed
            # by who watches over calls. What was said by then is still written.
            log.info("the call's room is gone")
