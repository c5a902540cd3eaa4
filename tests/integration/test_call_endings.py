"""How calls end, and what is left of them."""

import uuid

from tests.support.calls import CallCenter, spoken
from tests.support.records import make_user

from insta_voice.auth.livekit import mint_join_token
from insta_voice.customers import save_interaction_summary, set_disabled


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
    from tests.support.caller import Caller

    token = mint_join_token(
        call_center.livekit, identity=user, room_name=f"call-{uuid.uuid4().hex}", call_id=reservation.call_id
    )
    async with Caller() as caller:
        await caller.join(call_center.livekit.url or "", token)
        await caller.wait_ended(15)
    assert caller.lines == []
