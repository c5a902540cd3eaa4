"""A call's set-up and end without a room: what is refused, when it is told, and what is written of it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from livekit import rtc
from tests.support.minds import CALL_ID
from tests.support.settings import complete_settings, settings_from
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.call import LiveCall
from insta_voice.agent.dispatch import Refused
from insta_voice.agent.presence import Presence
from insta_voice.agent.prompts import sentence
from insta_voice.agent.record import live_record
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.tasks import Tasks
from insta_voice.agent.watch import heartbeat
from insta_voice.agent.worker import job
from insta_voice.calls import Call, Turn
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, DBDriverError, NotFoundError
from insta_voice.languages import ENGLISH, GERMAN

ROOM = "call-1"


class Room:
    """A room that takes a moment to connect, and keeps what happens to it in order."""

    name = ROOM

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.connected = False
        self.local_participant = self
        self.remote_participants: dict[str, Any] = {}

    def on(self, *_: Any) -> None: ...

    def off(self, *_: Any) -> None: ...

    def isconnected(self) -> bool:
        return self.connected

    async def send_text(self, text: str, *, topic: str) -> None:
        self.happened.append(f"told {json.loads(text)['state']}")

    async def connect(self) -> None:
        await asyncio.sleep(0.05)
        self.connected = True

    async def delete(self) -> None:
        self.happened.append("deleted")


@pytest.fixture
def room() -> Room:
    return Room()


async def nothing() -> None: ...


def live_call(room: Room) -> LiveCall:
    context: Any = SimpleNamespace(
        room=room,
        connect=room.connect,
        delete_room=room.delete,
        shutdown=lambda reason: room.happened.append("job over"),
        proc=SimpleNamespace(
            userdata={
                "parts": SimpleNamespace(warm=nothing, aclose=nothing, meter=Meter({}), language=ENGLISH),
                "prompt_version": "1dfe57ab1bc9",
            }
        ),
        job=SimpleNamespace(metadata=json.dumps({"call_id": str(CALL_ID), "user_id": "maya"})),
    )
    db = Database("postgresql://nobody@127.0.0.1:9/none", connect_timeout_s=0.1)
    return LiveCall(context, settings_from({"VOICE_SPEECH_URL": "http://127.0.0.1:9"}), db)


@pytest.fixture
async def call(room: Room) -> AsyncIterator[LiveCall]:
    call = live_call(room)
    yield call
    await call._db.close()


def opens(
    monkeypatch: pytest.MonkeyPatch, room: Room, *, room_name: str = ROOM, error: Exception | None = None
) -> None:
    """What the record says when the call is opened; its closing is kept among what happened."""

    async def open_call(db: Database, **_: Any) -> Call:
        if error is not None:
            raise error
        return Call(
            CALL_ID, "maya", room_name, 1800.0, 1800.0, next_turn_number=1, resumed=False, left_usd=Decimal("0.25")
        )

    async def close_call(db: Database, *, reason: str, **_: Any) -> bool:
        room.happened.append(f"closed: {reason}")
        return True

    async def touch_call(db: Database, **_: Any) -> bool:
        return True

    async def free_line(db: Database, **_: Any) -> None:
        room.happened.append("line free")

    monkeypatch.setattr(live_record, "open_call", open_call)
    monkeypatch.setattr(live_record, "free_line", free_line)
    monkeypatch.setattr(live_record, "close_call", close_call)
    monkeypatch.setattr(live_record, "touch_call", touch_call)


async def test_a_refusal_waits_for_the_room_so_that_the_caller_learns_of_it(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room, error=NotFoundError())
    with pytest.raises(Refused):
        await call.start()
    await call.refuse()
    assert room.happened == ["told ended", "deleted"]


async def test_a_call_that_is_refused_after_it_was_opened_keeps_no_line_busy(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room, room_name="another")
    with pytest.raises(Refused):
        await call.start()
    await call.refuse()
    assert room.happened == ["told ended", "closed: refused", "deleted"]


@pytest.mark.parametrize(("room_name", "error"), [(ROOM, AccountDisabledError()), ("another", None)])
async def test_a_call_that_opens_late_is_checked_as_one_that_opens_in_time(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch, room_name: str, error: Exception | None
) -> None:
    opens(monkeypatch, room, error=DBDriverError())
    await call._record.open()  # the database is away: the call goes on
    opens(monkeypatch, room, room_name=room_name, error=error)
    await asyncio.wait_for(heartbeat(call._record.touch, lambda: call._ending.begin("closed")), 5)
    await call._ending.wait()
    assert room.happened[-3:] == ["closed: closed", "deleted", "job over"]


class Talk:
    """A conversation in its farewell, which is said to its end unless it is hushed."""

    def __init__(self) -> None:
        self.hushed = asyncio.Event()
        self.wrapped_up = ""

    async def farewell(self, name: str) -> None:
        await self.hushed.wait()

    async def wrap_up(self, why: str) -> None:
        self.wrapped_up = why

    async def hush(self) -> None:
        self.hushed.set()


@pytest.mark.parametrize("connection_lost", [False, True])
async def test_who_hangs_up_has_their_line_back_before_anything_else_is_done(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch, connection_lost: bool
) -> None:
    opens(monkeypatch, room)
    await call._record.open()
    call._conversation = talk = Talk()  # type: ignore[assignment]
    presence = Presence(call._context, "maya", call._tasks, call._caller_left)
    if connection_lost:
        presence._disconnected(rtc.DisconnectReason.ROOM_DELETED)
    else:
        presence._participant_left(hung_up("leo"))
        assert call._ending.reason is None
        presence._participant_left(hung_up("maya"))
    await call._ending.wait()
    assert talk.hushed.is_set()
    assert room.happened == ["line free", "closed: caller_left", "deleted", "job over"]


async def test_nobody_waits_for_a_farewell_that_nobody_hears(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room)
    await call._record.open()
    call._conversation = Talk()  # type: ignore[assignment]
    call._ending.begin("limit")
    await asyncio.sleep(0)
    assert room.happened == []
    Presence(call._context, "maya", call._tasks, call._caller_left)._participant_left(hung_up("maya"))
    await asyncio.wait_for(call._ending.wait(), 5)
    assert room.happened == ["line free", "closed: limit", "deleted", "job over"]


async def test_a_call_that_has_cost_its_budget_is_wrapped_up_and_recorded_as_that(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room)
    await call._record.open()
    call._conversation = talk = Talk()  # type: ignore[assignment]
    call._parts.meter.limit(Decimal(0), lambda: call._ending.begin("budget"))
    await asyncio.wait_for(call._ending.wait(), 5)
    assert talk.wrapped_up == "budget"
    assert room.happened == ["closed: budget", "deleted", "job over"]


async def test_why_a_call_ended_is_told_in_the_callers_language(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room)
    monkeypatch.setattr(call._parts, "language", GERMAN)
    told: list[str] = []

    async def send_text(text: str, *, topic: str) -> None:
        told.append(json.loads(text)["reason"])

    monkeypatch.setattr(room, "send_text", send_text)
    room.connected = True
    await call._tell_end("limit")
    assert told == [sentence("ended_limit", language=GERMAN)]


async def test_a_call_in_which_nobody_can_go_on_is_wrapped_up_and_recorded_as_that(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room)
    await call._record.open()
    call._conversation = talk = Talk()  # type: ignore[assignment]
    call._ending.begin("unable")
    await asyncio.wait_for(call._ending.wait(), 5)
    assert talk.wrapped_up == "unable"
    assert room.happened == ["closed: unable", "deleted", "job over"]


async def test_what_a_call_may_cost_is_the_records_to_say_and_the_settings_while_it_is_away(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch, room, error=DBDriverError())
    await call._record.open()
    assert call._record.left_usd(Decimal(2)) == 2
    opens(monkeypatch, room)
    await call._record.open()
    assert call._record.left_usd(Decimal(2)) == Decimal("0.25")


def test_a_database_that_is_away_for_the_last_twenty_seconds_takes_all_of_the_call_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After three seconds its last turns were thrown away, and whoever found the call open said its caller had left."""

    async def scene() -> tuple[list[tuple[int, str]], list[str]]:
        clock = asyncio.get_running_loop().time
        back_at, room, call = clock() + 20, Room(), live_call(Room())
        opens(monkeypatch, room)
        written: list[tuple[int, str]] = []

        async def record_turn(db: Database, *, turn: Turn, **_: Any) -> int:
            if clock() < back_at:
                raise DBDriverError
            written.append((turn.number, turn.text))
            return turn.number

        closes = live_record.close_call

        async def close_call(db: Database, **how: Any) -> bool:
            if clock() < back_at:
                raise DBDriverError
            return await closes(db, **how)

        monkeypatch.setattr(live_record, "record_turn", record_turn)
        monkeypatch.setattr(live_record, "close_call", close_call)
        await call._record.open()
        recorder = call._record.begin_turns()
        call._tasks.spawn(recorder.run(), "record-turns")
        for text in ("How?", "Goodbye."):
            turn = recorder.begin("caller", "question")
            turn.text = text
            recorder.finish(turn)
        call._ending.begin("goodbye")
        await call.on_session_end()
        return written, room.happened

    assert run_virtual(scene()) == ([(1, "How?"), (2, "Goodbye.")], ["closed: goodbye"])


def test_a_database_that_stays_away_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> float:
        room, call = Room(), live_call(Room())
        opens(monkeypatch, room, error=DBDriverError())
        recorder = call._record.begin_turns()
        call._tasks.spawn(recorder.run(), "record-turns")
        recorder.finish(recorder.begin("caller", "question"))
        began = asyncio.get_running_loop().time()
        await call.on_session_end()
        return asyncio.get_running_loop().time() - began

    assert run_virtual(scene()) < live_record.SETTLED_WITHIN_S + 10
    assert "1 turns are lost" in caplog.text


@pytest.mark.parametrize(
    ("deleted", "happened"),
    [
        (True, ["line free", "closed: caller_left", "told ended", "deleted", "job over"]),
        (False, ["closed: shutdown", "told ended", "deleted"]),
    ],
    ids=["a deleted room", "a stopped worker"],
)
def test_a_job_that_ends_a_moment_before_its_deleted_room_is_told_from_one_whose_worker_stops(
    monkeypatch: pytest.MonkeyPatch, deleted: bool, happened: list[str]
) -> None:
    async def scene() -> list[str]:
        room = Room()
        call = live_call(room)
        opens(monkeypatch, room)
        await call._record.open()
        await room.connect()
        presence = call._presence = Presence(call._context, "maya", call._tasks, call._caller_left)
        ended = asyncio.create_task(call.on_session_end())
        if deleted:
            await asyncio.sleep(0.1)
            presence._disconnected(rtc.DisconnectReason.ROOM_DELETED)
        await ended
        return room.happened

    assert run_virtual(scene()) == happened


def hung_up(identity: str) -> Any:
    return SimpleNamespace(identity=identity, disconnect_reason=rtc.DisconnectReason.CLIENT_INITIATED)


async def test_a_task_that_breaks_says_so_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ValueError("the caller's own words")

    with caplog.at_level(logging.ERROR):
        await asyncio.gather(Tasks().spawn(breaks(), "record-turns"), return_exceptions=True)
        await asyncio.sleep(0)
    assert "record-turns" in caplog.text
    assert "ValueError" in caplog.text
    assert "own words" not in caplog.text


class UntoldMessageError(Exception):
    """Whose message is personal."""


@pytest.mark.parametrize("metadata", ["{}", json.dumps({"call_id": str(CALL_ID), "user_id": "maya", "language": "de"})])
async def test_a_job_that_fails_before_there_is_a_call_tells_the_room(
    metadata: str, call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It names no call, or what was made ready for another language cannot be exchanged."""

    async def breaks() -> None:
        raise UntoldMessageError("maya@example.org")

    context: Any = call._context
    context.job.metadata = metadata
    context.proc.userdata["parts"].aclose = breaks
    monkeypatch.setattr(job, "database", lambda *_, **__: call._db)
    monkeypatch.setattr(job, "get_settings", lambda: complete_settings(LANGUAGES="en,de", OPENAI_API_KEY="sk-test"))
    await job.hold_call(context)
    assert room.happened == ["told ended", "deleted", "job over"]
    assert "maya@example.org" not in caplog.text


async def test_a_set_up_that_breaks_is_logged_without_its_message(
    call: LiveCall, room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Raised, LiveKit would log it with its message."""

    async def breaks(_: LiveCall) -> None:
        raise UntoldMessageError("maya@example.org")

    opens(monkeypatch, room)
    monkeypatch.setattr(LiveCall, "start", breaks)
    monkeypatch.setattr(job, "database", lambda *_, **__: call._db)
    monkeypatch.setattr(job, "get_settings", lambda: call._settings)
    with caplog.at_level(logging.DEBUG):
        await job.hold_call(call._context)
        await call._context.proc.userdata["call"]._ending.wait()
    assert "breaks: UntoldMessageError" in caplog.text
    assert "maya@example.org" not in caplog.text
    assert room.happened == ["closed: error", "deleted", "job over"]
