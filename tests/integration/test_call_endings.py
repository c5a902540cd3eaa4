"""How calls end, and what is left of them."""

import uuid

import pytest
from tests.support.calls import CallCenter, TestCall, spoken
from tests.support.poll import eventually_async
from tests.support.records import make_user

from insta_voice.auth.livekit import Rooms, mint_join_token
from insta_voice.calls import Reservation
from insta_voice.customers import save_interaction_summary, set_disabled
from insta_voice.errors import RateLimitedError

FREE_WITHIN_S = 0.6  # 0.3 s, and at most doubled on a real clock


async def test_goodbye_ends_the_call_for_both(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await call.caller.microphone.say(spoken("Thank you. Goodbye."))
        await call.caller.wait_ended(15)
        record = await call.closed()
    assert record.end_reason == "goodbye"
    assert call.caller.states[-1]["state"] == "ended"
    assert call.caller.states[-1]["reason"]


async def test_the_next_call_begins_with_what_was_left_open(call_center: CallCenter) -> None:
    user = await make_user(call_center.db, f"user-{uuid.uuid4().hex[:8]}")
    await save_interaction_summary(
        user, "Asked about fax.", open_question="Can I send a fax?", solved=False, db=call_center.db
    )
    async with call_center.call(user) as call:
        greeting = await call.caller.greeting()
    assert "Can I send a fax?" in greeting.text


async def test_a_disabled_person_is_out_of_their_call_within_seconds(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await set_disabled(call_center.db, call.user_id, True)
        await call.caller.wait_ended(10)
        record = await call.closed()
    assert record.end_reason == "closed"


async def test_a_room_that_does_not_belong_to_the_call_is_not_served(call_center: CallCenter) -> None:
    """The join token of one call, for a room of another."""
    user = f"user-{uuid.uuid4().hex[:8]}"
    reservation = await call_center.reserve(user)
    token = mint_join_token(
        call_center.livekit, identity=user, room_name=f"call-{uuid.uuid4().hex}", call_id=reservation.call_id
    )
    caller = await call_center.put_out(token)
    assert caller.lines == []


async def line_again(call_center: CallCenter, call: TestCall, *, within_s: float = FREE_WITHIN_S) -> Reservation:
    """The same person's right to the next call, asked for until it is given."""

    async def given() -> Reservation | None:
        try:
            return await call_center.reserve(call.user_id)
        except RateLimitedError:
            return None

    return await eventually_async(given, within_s=within_s, what="a new call for who has just hung up")


@pytest.mark.parametrize("in_the_answer", [False, True])
async def test_who_hangs_up_calls_again_at_once_and_no_turn_is_lost(
    call_center: CallCenter, in_the_answer: bool
) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        if in_the_answer:
            asked_at_s = await call.caller.microphone.say(spoken("How do I reset my password?"))
            await call.caller.ear.first_sound(asked_at_s, 10)
        await call.caller.room.disconnect()
        assert (await line_again(call_center, call)).call_id != call.reservation.call_id
    async with call_center.call(call.user_id) as again:
        await again.caller.greeting()
    record = await call.closed()
    assert record.end_reason == "caller_left"
    assert [turn.kind for turn in record.turns] == ["greeting", "question", "answer"][: 3 if in_the_answer else 1]
    assert [turn.interrupted for turn in record.turns] == [False, False, True][: len(record.turns)]


async def test_who_hangs_up_before_the_greeting_calls_again_at_once(call_center: CallCenter) -> None:
    async with call_center.call() as call:

        async def agent_is_there() -> bool:
            return bool(call.caller.room.remote_participants)

        await eventually_async(agent_is_there, within_s=30, what="the agent in the room")
        await call.caller.room.disconnect()
        await line_again(call_center, call)
    assert (await call.closed()).end_reason == "caller_left"


async def test_a_deleted_room_frees_the_line(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        async with Rooms(call_center.livekit) as rooms:
            await rooms.delete(call.reservation.room_name)
            await line_again(call_center, call)
        assert (await call.closed()).end_reason == "caller_left"
