"""With which prompts a call was held, in a real database: said by its agent, and told wherever a call is read."""

from pathlib import Path

from tests.support.api import Api
from tests.support.command import insta_voice
from tests.support.records import LIMITS, TTL, make_call, make_user

from insta_voice.agent.dispatch import Dispatch
from insta_voice.agent.record.live_record import LiveRecord
from insta_voice.agent.record.meter import Meter
from insta_voice.calls import close_call, get_any_call, open_call, reserve_call
from insta_voice.db import Database

VERSION, NEXT = "1dfe57ab1bc9", "0a1b2c3d4e5f"


async def test_the_agent_says_with_which_prompts_it_holds_a_call(db: Database) -> None:
    user = await make_user(db)
    given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL)
    await open_call(db, call_id=given.call_id, user_id=user)  # the call server's report, which knows of no prompts
    assert (await get_any_call(db, given.call_id)).prompt_version is None
    for version in (VERSION, NEXT):  # the second agent came with a new release
        dispatch = Dispatch(given.call_id, user)
        record = LiveRecord(db, dispatch, given.room_name, Meter({}), prompt_version=version)
        await record.open()
        await record.touch()
        assert (await get_any_call(db, given.call_id)).prompt_version == version
    await open_call(db, call_id=given.call_id, user_id=user)
    await close_call(db, call_id=given.call_id, reason="goodbye")
    assert (await get_any_call(db, given.call_id)).prompt_version == NEXT


async def test_the_command_and_the_api_tell_it(api: Api, db: Database, database_url: str, tmp_path: Path) -> None:
    call_id = await make_call(db)
    address, maya = f"/api/me/calls/{call_id}", api.bearer("maya")
    assert (await api.http.get(address, headers=maya)).json()["prompt_version"] is None
    _, shown, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(call_id))
    assert "Prompts" not in shown

    await open_call(db, call_id=call_id, user_id="maya", prompt_version=VERSION)
    assert (await api.http.get(address, headers=maya)).json()["prompt_version"] == VERSION
    _, shown, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(call_id))
    assert f"\nPrompts: {VERSION}\nCost: " in shown
