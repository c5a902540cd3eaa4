"""A call's set-up and end without a room: what is refused, when it is told, and what is written of it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.minds import CALL_ID
from tests.support.settings import settings_from

from insta_voice.agent import call as calls
from insta_voice.agent.call import LiveCall, Refused
from insta_voice.calls import Call
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, DBDriverError, NotFoundError

ROOM = "call-1"


class Room:
    """A room that takes a moment to connect, and keeps what happens to it in order."""

    name = ROOM

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.connected = False
        self.local_participant = self

    def on(self, *_: Any) -> None: ...

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


@pytest.fixture
async def call(room: Room) -> AsyncIterator[LiveCall]:
    context: Any = SimpleNamespace(
        room=room,
        connect=room.connect,
        delete_room=room.delete,
        shutdown=lambda reason: room.happened.append("job over"),
        proc=SimpleNamespace(userdata={"parts": SimpleNamespace(warm=lambda: asyncio.sleep(0))}),
        job=SimpleNamespace(metadata=json.dumps({"call_id": str(CALL_ID), "user_id": "maya"})),
    )
    db = Database("postgresql://nobody@127.0.0.1:9/none", connect_timeout_s=0.1)
    yield LiveCall(context, settings_from({"VOICE_SPEECH_URL": "http://127.0.0.1:9"}), db)
    await db.close()


def opens(
    monkeypatch: pytest.MonkeyPatch, room: Room, *, room_name: str = ROOM, error: Exception | None = None
) -> None:
    """What the record says when the call is opened; its closing is kept among what happened."""

    async def open_call(db: Database, **_: Any) -> Call:
        if error is not None:
            raise error
        return Call(CALL_ID, "maya", room_name, datetime.now(UTC), 1800.0, next_turn_number=1, resumed=False)

    async def close_call(db: Database, *, reason: str, **_: Any) -> bool:
        room.happened.append(f"closed: {reason}")
        return True

    async def touch_call(db: Database, **_: Any) -> bool:
        return True

    monkeypatch.setattr(calls, "open_call", open_call)
    monkeypatch.setattr(calls, "close_call", close_call)
    monkeypatch.setattr(calls, "touch_call", touch_call)


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
    await call._open()  # the database is away: the call goes on
    opens(monkeypatch, room, room_name=room_name, error=error)
    await asyncio.wait_for(calls.heartbeat(call._touch, lambda: call._ending.begin("closed")), 5)
    await call._ending.wait()
    assert room.happened[-3:] == ["closed: closed", "deleted", "job over"]


async def test_a_task_that_breaks_says_so_without_what_was_said(
    call: LiveCall, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks() -> None:
        raise ValueError("the caller's own words")

    with caplog.at_level(logging.ERROR):
        await asyncio.gather(call._spawn(breaks(), "record-turns"), return_exceptions=True)
        await asyncio.sleep(0)
    assert "record-turns" in caplog.text
    assert "ValueError" in caplog.text
    assert "own words" not in caplog.text
