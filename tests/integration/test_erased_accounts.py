"""Who is erased loses the account at the embedded sign-in too: it is kept over restarts, nobody else can delete it."""

import json
from pathlib import Path

import httpx
import pytest
from tests.support.api import Api, StartApi
from tests.support.auth_emulator import PASSWORD, AuthEmulator
from tests.support.command import insta_voice
from tests.support.records import ensure_profile

from insta_voice.auth.demo import DEMO_PROJECT_ID
from insta_voice.auth.emulated import erase_accounts
from insta_voice.db import Database
from insta_voice.stack.auth_emulator import accounts_file
from insta_voice.stack.up_file import Addresses, write_up_file


@pytest.fixture(autouse=True)
def nothing_named_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """An API with an emulator names it in this process's environment, for firebase-admin."""
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)


async def profile(db: Database, user_id: str) -> None:
    await ensure_profile(db, user_id=user_id, email=f"{user_id}@example.org", name=None, email_verified=True)


async def knows(emulator: AuthEmulator, user_id: str) -> bool:
    try:
        return await emulator.uid(f"{user_id}@example.org", PASSWORD) == user_id
    except httpx.HTTPStatusError:
        return False


async def emulated(start_api: StartApi, emulator: AuthEmulator) -> Api:
    return await start_api(
        INSTA_ENV="development", FIREBASE_PROJECT_ID=DEMO_PROJECT_ID, FIREBASE_AUTH_EMULATOR_HOST=emulator.host
    )


@pytest.mark.parametrize(("user_id", "stays"), [("gone", False), ("demo-leo", True)])
async def test_on_the_page(start_api: StartApi, auth_emulator: AuthEmulator, user_id: str, stays: bool) -> None:
    api = await emulated(start_api, auth_emulator)
    await auth_emulator.create_user(user_id, f"{user_id}@example.org")
    held = {"Authorization": f"Bearer {await auth_emulator.sign_in(f'{user_id}@example.org')}"}
    assert (await api.http.delete("/api/me", headers=held)).status_code == 204
    assert await knows(auth_emulator, user_id) == stays


@pytest.mark.parametrize("who", ["ada", "ada@example.org"])
async def test_by_command_while_it_runs(
    db: Database, database_url: str, auth_emulator: AuthEmulator, tmp_path: Path, who: str
) -> None:
    for user_id in ("ada", "bob"):
        await auth_emulator.create_user(user_id, f"{user_id}@example.org")
    await profile(db, "ada")
    address = f"http://{auth_emulator.host}"
    write_up_file(tmp_path / ".data", Addresses("", "", "", address, None, ()))
    assert (await insta_voice(database_url, tmp_path, "users", "erase", who))[0] == 0
    assert not await knows(auth_emulator, "ada")
    assert await knows(auth_emulator, "bob")
    await erase_accounts(address, user_id="bob")  # the emulator is the whole session's


@pytest.mark.parametrize("who", ["ada", "Ada@example.org"])
async def test_by_command_while_it_is_stopped(db: Database, database_url: str, tmp_path: Path, who: str) -> None:
    file = accounts_file(tmp_path / ".data")
    file.parent.mkdir()
    ada, bob = ({"localId": name, "email": f"{name}@example.org"} for name in ("ada", "bob"))
    file.write_text(json.dumps([ada, bob]))
    await profile(db, "ada")
    assert (await insta_voice(database_url, tmp_path, "users", "erase", who))[0] == 0
    assert json.loads(file.read_text()) == [bob]


async def test_an_emulator_of_their_own_is_left_alone(
    db: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9")
    monkeypatch.setenv("FIREBASE_PROJECT_ID", "theirs")
    await profile(db, "ada")
    assert (await insta_voice(database_url, tmp_path, "users", "erase", "ada"))[0] == 0
