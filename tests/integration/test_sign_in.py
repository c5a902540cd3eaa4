"""Signing in with the real Firebase Auth emulator, and asking for a call with what it gave."""

from tests.support.api import Api, StartApi
from tests.support.auth_emulator import AuthEmulator
from tests.support.firebase import claims, unsigned

from insta_voice.auth.demo import DEMO_PROJECT_ID


async def emulated(start_api: StartApi, emulator: AuthEmulator) -> Api:
    return await start_api(
        INSTA_ENV="development", FIREBASE_PROJECT_ID=DEMO_PROJECT_ID, FIREBASE_AUTH_EMULATOR_HOST=emulator.host
    )


async def test_a_signed_in_person_has_a_profile_and_gets_a_call(
    start_api: StartApi, auth_emulator: AuthEmulator
) -> None:
    api = await emulated(start_api, auth_emulator)
    await auth_emulator.create_user("nora", "nora@example.com")
    held = {"Authorization": f"Bearer {await auth_emulator.sign_in('nora@example.com')}"}
    assert (await api.http.get("/api/me", headers=held)).json() == {
        "user_id": "nora",
        "email": "nora@example.com",
        "email_verified": True,
        "name": None,
        "plan": "free",
        "role": "customer",
    }
    call = await api.http.post("/api/token", headers=held)
    assert call.status_code == 201


async def test_another_projects_emulator_token_is_refused(start_api: StartApi, auth_emulator: AuthEmulator) -> None:
    api = await emulated(start_api, auth_emulator)
    refused = await api.http.get("/api/me", headers={"Authorization": f"Bearer {unsigned(claims())}"})
    assert refused.status_code == 401


async def test_an_emulators_token_opens_nothing_without_emulator(
    start_api: StartApi, auth_emulator: AuthEmulator
) -> None:
    await auth_emulator.create_user("mallory", "mallory@example.com")
    token = await auth_emulator.sign_in("mallory@example.com")
    api = await start_api(INSTA_ENV="development", FIREBASE_PROJECT_ID="insta-voice-test")
    refused = await api.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
