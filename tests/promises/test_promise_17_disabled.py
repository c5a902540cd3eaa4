"""Promise 17, the side of sign-in: whoever is disabled gets nothing any more, at the next request."""

import pytest
from tests.support.api import Api, StartApi
from tests.support.auth_emulator import AuthEmulator

from insta_voice.auth.demo import DEMO_PROJECT_ID
from insta_voice.customers import set_disabled

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
