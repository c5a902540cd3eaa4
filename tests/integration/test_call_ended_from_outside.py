"""Real calls of people who are erased, or were disabled after they got their token: told why, and nothing stays."""

import uuid

from tests.support.calls import CallCenter

from insta_voice.auth.livekit import mint_join_token
from insta_voice.calls import list_calls
from insta_voice.customers import get_profile, set_disabled
from insta_voice.privacy import erase_person


async def test_who_is_erased_in_a_call_is_told_and_nothing_is_written_any_more(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await erase_person(call_center.db, user_id=call.user_id, requested_by="operator")
        await call.caller.wait_ended(10)
    ended = call.caller.states[-1]
    assert ended["state"] == "ended"
    assert ended["reason"]
    assert await get_profile(call_center.db, call.user_id) is None
    assert await list_calls(call_center.db, call.user_id) == []


async def test_who_was_disabled_after_getting_the_token_is_not_spoken_to(call_center: CallCenter) -> None:
    user = f"user-{uuid.uuid4().hex[:8]}"
    reservation = await call_center.reserve(user)
    token = mint_join_token(
        call_center.livekit, identity=user, room_name=reservation.room_name, call_id=reservation.call_id
    )
    await set_disabled(call_center.db, user, True)
    caller = await call_center.put_out(token)
    assert caller.lines == []
    assert await list_calls(call_center.db, user) == []
