"""One call, from the job to its end: who calls, the session, the greeting, and everything that watches over it."""

import asyncio
import json
import logging
import time
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any
from uuid import UUID

from livekit import rtc
from livekit.agents import AgentSession, AgentStateChangedEvent, CloseEvent, JobContext, tts

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.defects import whereabouts
from insta_voice.agent.endings import Ending, Reason, explanation, farewell
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.journal import Journal, Reply
from insta_voice.agent.listener import Listener
from insta_voice.agent.minds import Parts
from insta_voice.agent.recorder import Recorder
from insta_voice.agent.rendering import Rendering
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.session import build_session, room_options
from insta_voice.agent.speech import SLOW_SPEED, Speech, welcome_text
from insta_voice.agent.state import CallState
from insta_voice.agent.turns.end_of_turn import LiveKitEndOfTurn
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.watch import Patience, heartbeat, silence, time_limit
from insta_voice.calls import Call as CallRecord
from insta_voice.calls import Turn, can_deliver, close_call, open_call, record_turn, touch_call
from insta_voice.customers import get_profile, last_summary
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError, NotFoundError
from insta_voice.knowledge import Context, Evidence, gather_evidence
from insta_voice.settings import Settings
from insta_voice.voice.local.tts import LocalTTS
from insta_voice.voice.providers import build_turn_detector

log = logging.getLogger(__name__)

_CALLER_JOINS_WITHIN_S = 20.0  # the page joins before the agent is dispatched; a redispatch finds the caller there
_CALLER_RETURNS_WITHIN_S = 15.0  # a train tunnel; the room's departure timeout is as long
_LOOKS_FOR_CALLER_EVERY_S = 0.5  # a look costs nothing, and nobody hears half a second of it
_DATABASE_TIMEOUT_S = 2.0  # a greeting without a name is better than silence
_FLUSH_TIMEOUT_S = 3.0
_CONNECTED_WITHIN_S = 5.0  # for an end before the beginning; a room that is not there by then has nobody to tell


class Refused(Exception):
    """The dispatch and the room do not belong together: this call is not served."""


class LiveCall:
    """Owns everything of one call. `start`, then `on_session_end` when the job is over."""

    def __init__(self, context: JobContext, settings: Settings, db: Database) -> None:
        self._context = context
        self._settings = settings
        self._db = db
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ending = Ending(self._finish)
        self._channel = RoomChannel(context.room)
        self._recorder: Recorder | None = None
        self._parts: Parts = context.proc.userdata["parts"]
        self._listener: Listener | None = None
        self._speech: Speech | None = None
        self._session: AgentSession[CallState] | None = None
        self._greeting: Rendering | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._opened: CallRecord | None = None
        self._numbered = True
        self._closed_in_record = False
        self._disconnected_because: rtc.DisconnectReason.ValueType | None = None
        self.call_id, self.user_id = _dispatched(context)

    async def start(self) -> None:
        """Join, check who is there, greet. Raises Refused."""
        await self._db.open()
        self._context.room.on("participant_disconnected", self._participant_left)
        self._context.room.on("disconnected", self._disconnected)
        connecting = self._connecting = self._spawn(self._context.connect(), "connect")
        self._spawn(self._parts.warm(), "warm-up")
        (profile, summary), _ = await asyncio.gather(self._know(), self._open())
        self._spawn(heartbeat(self._touch, lambda: self._ending.begin("closed")), "heartbeat")
        state = CallState(
            self.call_id,
            self.user_id,
            self._settings,
            self._db,
            evidence=TurnEvidence(self._gather),
            can_deliver_tickets=can_deliver(self._settings),
            profile=profile,
            last_summary=summary,
        )
        resumed = self._opened is not None and self._opened.resumed
        greeting = self._greeting = Rendering(self._parts.providers.tts, welcome_text(state, resumed=resumed))
        await connecting
        await self._caller_is_here()
        await self._run(state, greeting)
        if resumed:
            await self._channel.call("resumed")

    async def _open(self) -> None:
        """The call's row. A database that is away is asked again by the first turn and the next heartbeat."""
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT_S):
                await self._record()
        except (InstaVoiceError, TimeoutError) as error:
            if isinstance(error, InstaVoiceError) and not error.retryable:
                raise Refused(f"this user may not hold this call: {error.code} {error.detail}") from None
            log.warning("the call's row could not be opened yet: %s", type(error).__name__)

    async def _record(self) -> CallRecord:
        """The call's row, opened by whoever needs it first. NotFoundError when it is of another room."""
        if self._opened is None:
            self._opened = await open_call(self._db, call_id=self.call_id, user_id=self.user_id)
        if self._opened.room_name != self._context.room.name:
            raise NotFoundError(detail="the call belongs to another room")
        return self._opened

    async def _know(self) -> tuple[Any, Any]:
        """What makes the greeting personal; nothing when the database does not answer in time."""
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT_S):
                return await asyncio.gather(get_profile(self._db, self.user_id), last_summary(self._db, self.user_id))
        except (InstaVoiceError, TimeoutError) as error:
            log.warning("the caller's profile could not be read: %s", type(error).__name__)
            return None, None

    async def _caller_is_here(self) -> None:
        """The participant whose identity the dispatch names; nobody else is heard."""
        try:
            async with asyncio.timeout(_CALLER_JOINS_WITHIN_S):
                await self._context.wait_for_participant(identity=self.user_id)
        except TimeoutError:
            raise Refused("the caller never came") from None

    async def _run(self, state: CallState, greeting: Rendering) -> None:
        self._recorder = Recorder(self._write, next_number=self._opened.next_turn_number if self._opened else 1)
        self._numbered = self._opened is not None
        journal = Journal(self._recorder, self._channel)
        parts, voice = self._parts, self._parts.providers.tts
        parts.grounded.on_decision = journal.decided
        journal.on_decision = lambda reply: _speak_slower(voice) if reply.kind == "slower" else None
        session = self._session = build_session(state, ears=parts.providers.stt, mind=parts.mind, voice=voice)
        speech = self._speech = Speech(session, journal, state)
        end_of_turn = LiveKitEndOfTurn(build_turn_detector())
        engine = TurnEngine(parts.recognizer, end_of_turn, assistant_audible=lambda: session.agent_state == "speaking")
        speech.caller_speaking = lambda: engine.caller_speaking
        patience = Patience()
        assistant = Assistant(state, journal, speech)
        assistant.listener = self._listener = Listener(
            session, engine, end_of_turn, self._context.proc.userdata["vad"], journal, speech, patience.caller_spoke
        )
        journal.on_reply_done = lambda reply: self._reply_done(reply, state, speech)

        def state_changed(event: AgentStateChangedEvent) -> None:
            patience.activity()
            if event.new_state == "speaking":
                journal.audible()

        session.on("speech_created", journal.speech_created)
        session.on("agent_state_changed", state_changed)
        session.on("close", self._session_closed)
        self._spawn(self._recorder.run(), "record-turns")
        await session.start(
            assistant,
            room=self._context.room,
            room_options=room_options(state.user_id, journal),
            record=False,
            session_host=False,  # nobody in the room may drive the session but by speaking and typing
        )
        speech.welcome(greeting)
        self._watch(speech, patience)

    def _watch(self, speech: Speech, patience: Patience) -> None:
        spent_s = time.time() - self._opened.started_at.timestamp() if self._opened else 0.0
        longest_s = (self._opened.allowed_s if self._opened else self._settings.limits.call_minutes * 60) - spent_s
        end = self._ending.begin
        self._spawn(time_limit(longest_s, lambda: end("limit")), "time-limit")
        self._spawn(
            silence(
                patience,
                quiet=speech.quiet,
                ask=speech.are_you_there,
                give_up=lambda: end("silence"),
                clock=time.monotonic,
            ),
            "silence",
        )

    async def _gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        return await gather_evidence(self._db, self._parts.embedder, heard, user_id=self.user_id, context=context)

    async def _touch(self) -> bool:
        await self._record()
        return await touch_call(self._db, call_id=self.call_id, user_id=self.user_id)

    async def _write(self, turn: Turn) -> None:
        before = (await self._record()).next_turn_number - 1
        if not self._numbered and before:  # numbered while the database was away, after an earlier agent's turns
            turn = replace(turn, number=turn.number + before)
        await record_turn(self._db, call_id=self.call_id, user_id=self.user_id, turn=turn)

    def _reply_done(self, reply: Reply, state: CallState, speech: Speech) -> None:
        if reply.answered:
            state.evidence.answered(reply.question, reply.sources[0].article_id if reply.sources else None)
        if reply.kind == "goodbye" and not reply.handle.interrupted:
            self._ending.begin("goodbye")

    def _participant_left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity != self.user_id:
            return
        if participant.disconnect_reason == rtc.DisconnectReason.CLIENT_INITIATED:
            self._ending.begin("caller_left")
        else:
            self._spawn(self._caller_lost(), "caller-lost")

    async def _caller_lost(self) -> None:
        """The caller's connection broke: they may come back into the same call."""
        deadline = time.monotonic() + _CALLER_RETURNS_WITHIN_S
        while time.monotonic() < deadline:
            if self.user_id in self._context.room.remote_participants:
                return
            await asyncio.sleep(_LOOKS_FOR_CALLER_EVERY_S)
        self._ending.begin("caller_left")

    def _session_closed(self, event: CloseEvent) -> None:
        if event.error is not None:
            self._ending.begin("error")

    async def _finish(self, reason: Reason) -> None:
        """Say farewell, write what is left, close the record, tell the room, take it down."""
        if (name := farewell(reason)) and self._speech is not None:
            try:
                async with asyncio.timeout(12):
                    await self._speech.goodbye(name).wait_for_playout()
            except (TimeoutError, RuntimeError) as error:
                log.warning("the goodbye was not said: %s", type(error).__name__)
        await self._close_record(reason)
        await self._tell_end(reason)
        await self._context.delete_room()
        self._context.shutdown(reason)

    async def _tell_end(self, reason: Reason) -> None:
        """Tell the room why, once it is there."""
        if self._connecting is not None:
            await asyncio.wait({self._connecting}, timeout=_CONNECTED_WITHIN_S)
        await self._channel.call("ended", explanation(reason))

    async def _close_record(self, reason: Reason) -> None:
        if self._closed_in_record:
            return
        self._closed_in_record = True
        if self._session is not None and self._session.current_speech is not None:
            await _quietly(self._session.interrupt(force=True))
        if self._recorder is not None and not await self._recorder.flush(_FLUSH_TIMEOUT_S):
            log.error("turns of the call could not be written before it ended")
        try:
            async with asyncio.timeout(_FLUSH_TIMEOUT_S):
                await close_call(self._db, call_id=self.call_id, reason=reason, user_id=self.user_id)
        except (InstaVoiceError, TimeoutError) as error:
            log.error("the call's record could not be closed: %s; the sweeper does it", type(error).__name__)

    def fail(self) -> None:
        """Something broke while the call was set up: the caller is told."""
        self._ending.begin("error")

    async def refuse(self) -> None:
        """The call is not served: whoever is in the room is told, and a row that was opened keeps nobody busy."""
        self._ending.reason = "refused"
        await self._tell_end("refused")
        if self._opened is not None:
            await self._close_record("refused")
        await self._context.delete_room()

    async def on_session_end(self) -> None:
        """The job is over, however that came: a stopped worker, a deleted room, a lost one, or our own ending."""
        if self._ending.reason is None:
            await self._leave()
        await self._ending.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._greeting is not None:
            self._greeting.cancel()
        if self._listener is not None:
            await self._listener.aclose()
        await self._parts.aclose()
        await self._db.close()

    async def _leave(self) -> None:
        """The job ends and the call did not."""
        if self._context.room.isconnected():  # the worker stops
            self._ending.reason = "shutdown"
            await self._close_record("shutdown")
            await self._channel.call("ended", explanation("shutdown"))
            await self._context.delete_room()
        elif self._disconnected_because == rtc.DisconnectReason.ROOM_DELETED:
            await self._close_record("caller_left")
        elif self._recorder is not None:
            # Taken out of the room, or the media server is gone: the call goes on with another agent, or is closed
            # by who watches over calls.
            await self._recorder.flush(_FLUSH_TIMEOUT_S)

    def _disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        self._disconnected_because = reason

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_done)
        return task

    def _task_done(self, task: asyncio.Task[Any]) -> None:
        """Nobody waits for most of them: one that breaks must not do so in silence."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s broke at %s", task.get_name(), whereabouts(error))


def _dispatched(context: JobContext) -> tuple[UUID, str]:
    """Call and user as the token service dispatched them; checked against the room and the record."""
    try:
        metadata = json.loads(context.job.metadata)
        return UUID(str(metadata["call_id"])), str(metadata["user_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("the dispatch names no call") from error


def _speak_slower(voice: tts.TTS[Any]) -> None:
    """For the rest of the call, where the voice can."""
    if isinstance(voice, LocalTTS):
        voice.update_options(speed=SLOW_SPEED)


async def _quietly(awaitable: Any) -> None:
    try:
        await asyncio.wait_for(awaitable, 1.0)
    except (TimeoutError, RuntimeError):
        log.debug("what was being said could not be stopped")
