"""Promise 17: disabling a user takes effect within 60 s, running calls included.

At the next request, with the next heartbeat of a running call (every 2 s), and for what was given before: a join token
that is still good opens no call. Heard and seen in a real call: tests/integration/test_call_endings.py.
"""

from uuid import UUID

import pytest
from tests.support.api import Api, StartApi
from tests.support.auth_emulator import AuthEmulator
from tests.support.records import make_call

from insta_voice.agent.watch import HEARTBEAT_S
from insta_voice.auth.demo import DEMO_PROJECT_ID
from insta_voice.calls import list_calls, open_call, touch_call
from insta_voice.customers import lock_out, set_disabled
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError

EVERY_ROUTE = [("POST", "/api/token"), ("GET", "/api/me"), ("GET", "/api/me/calls")]


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
async def test_a_disabled_profile_is_refused(api: Api, method: str, path: str) -> None:
    assert (await api.http.request(method, path, headers=api.bearer("maya"))).is_success
    await set_disabled(api.services.db, "maya", True)
    refused = await api.http.request(method, path, headers=api.bearer("maya"))
    assert (refused.status_code, refused.json()["code"]) == (403, "disabled")
    assert (await api.http.request(method, path, headers=api.bearer("leo"))).is_success

    await set_disabled(api.services.db, "maya", False)
    assert (await api.http.request(method, path, headers=api.bearer("maya"))).is_success


async def test_no_route_there_is_serves_who_is_disabled(api: Api, db: Database) -> None:
    """Generated from the OpenAPI document, with a call of their own in every path."""
    call_id = str(await make_call(db, "maya"))
    await set_disabled(db, "maya", True)
    asked = 0
    for path, operations in api.app.openapi()["paths"].items():
        for method in (name for name, operation in operations.items() if "security" in operation):
            refused = await api.http.request(
                method, path.replace("{call_id}", call_id), json={"solved": True}, headers=api.bearer("maya")
            )
            assert (refused.status_code, refused.json()["code"]) == (403, "disabled"), (method, path)
            asked += 1
    assert asked >= 8
    async with db.as_service() as connection:
        row = await (await connection.execute("select count(*) as n from calls")).fetchone()
    assert row == {"n": 1}


async def test_a_running_call_is_told_with_its_next_heartbeat(db: Database) -> None:
    call_id = await make_call(db, "maya")
    assert await touch_call(db, call_id=call_id, user_id="maya")
    await lock_out(db, "maya@example.org", disabled=True)
    assert not await touch_call(db, call_id=call_id, user_id="maya")
    assert HEARTBEAT_S <= 60 / 4  # with room for a heartbeat that is lost
    with pytest.raises(AccountDisabledError):  # an agent that comes anew, after the one before was killed
        await open_call(db, call_id=call_id, user_id="maya")


async def test_a_join_token_from_before_opens_no_call(api: Api, db: Database) -> None:
    given = (await api.ask_token("maya")).json()
    await set_disabled(db, "maya", True)
    with pytest.raises(AccountDisabledError):
        await open_call(db, call_id=UUID(given["call_id"]), user_id="maya")
    assert await list_calls(db, "maya") == []
    await set_disabled(db, "maya", False)
    assert (await open_call(db, call_id=UUID(given["call_id"]), user_id="maya")).room_name == given["room_name"]


async def test_a_user_disabled_in_firebase_is_refused_while_the_token_lasts(
    start_api: StartApi, auth_emulator: AuthEmulator
) -> None:
    """With FIREBASE_CHECK_REVOKED. The ID token itself would be good for an hour."""
    api = await start_api(
        INSTA_ENV="development",
        FIREBASE_PROJECT_ID=DEMO_PROJECT_ID,
        FIREBASE_AUTH_EMULATOR_HOST=auth_emulator.host,
        FIREBASE_CHECK_REVOKED="true",
    )
    await auth_emulator.create_user("fired", "fired@example.com")
    held = {"Authorization": f"Bearer {await auth_emulator.sign_in('fired@example.com')}"}
    assert (await api.http.get("/api/me", headers=held)).json()["user_id"] == "fired"
    await auth_emulator.disable_user("fired")
    refused = await api.http.get("/api/me", headers=held)
    assert (refused.status_code, refused.json()["code"]) == (403, "disabled")
