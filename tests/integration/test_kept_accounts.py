"""Who signed up at the Auth emulator is there after a restart. They once lost their login with every `make run`, and
came back as somebody else, without their history."""

import json
import stat
from pathlib import Path

import pytest
from tests.support.auth_emulator import PASSWORD, running_emulator
from tests.support.poll import eventually_async

from insta_voice.auth.demo import DEMO_PASSWORD, DEMO_PROJECT_ID, DEMO_USERS
from insta_voice.stack.auth_emulator import accounts_file, match_demo_users

SAVED_WITHIN_S = 5.0  # 0.2 s, on a machine that may be busy


HALF = '[{"localId": '


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return accounts_file(tmp_path)


@pytest.fixture
def half_a_file(file: Path) -> Path:
    file.write_text(HALF)
    return file


def kept(file: Path) -> set[str]:
    """The uids in the file."""
    return {account["localId"] for account in json.loads(file.read_text())} if file.exists() else set()


def private(file: Path) -> bool:
    """Whether its owner alone may read it."""
    return stat.S_IMODE(file.stat().st_mode) == 0o600


async def kept_as(file: Path, wanted: set[str]) -> None:
    async def asked() -> bool:
        return kept(file) == wanted

    await eventually_async(asked, within_s=SAVED_WITHIN_S, what=f"{file} holds {wanted}")


async def test_a_login_outlives_a_kill_and_a_stop(file: Path) -> None:
    async with running_emulator(file) as emulator:
        nora = await emulator.sign_up("nora@example.com")
        await kept_as(file, {nora})
        emulator.process.kill()
    assert private(file)
    async with running_emulator(file) as emulator:
        assert await emulator.uid("nora@example.com", PASSWORD) == nora
        leo = await emulator.sign_up("leo@example.com")
    assert kept(file) == {nora, leo}, "SIGTERM does not wait for the next save"
    async with running_emulator(file) as emulator:
        assert await emulator.uid("nora@example.com", PASSWORD) == nora
        assert await emulator.uid("leo@example.com", PASSWORD) == leo


async def test_the_demo_people_come_and_go_and_the_others_stay(file: Path) -> None:
    async with running_emulator(file) as emulator:
        nora = await emulator.sign_up("nora@example.com")
        for _ in range(2):
            await match_demo_users(f"http://{emulator.host}", DEMO_PROJECT_ID, wanted=True)
        assert await emulator.uid("maya@tidewater.example", DEMO_PASSWORD) == "demo-maya"
        await kept_as(file, {nora, *(user.user_id for user in DEMO_USERS)})
    async with running_emulator(file) as emulator:
        await match_demo_users(f"http://{emulator.host}", DEMO_PROJECT_ID, wanted=False)
        await kept_as(file, {nora})


async def test_a_file_that_cannot_be_read_is_put_aside(half_a_file: Path) -> None:
    async with running_emulator(half_a_file) as emulator:
        await kept_as(half_a_file, {await emulator.sign_up("nora@example.com")})
    assert half_a_file.with_name("accounts.json.unreadable").read_text() == HALF
