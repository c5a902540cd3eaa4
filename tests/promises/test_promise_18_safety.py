"""Promise 18: an unsafe configuration does not start, and says why in one sentence."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.postgres import TestDatabase
from tests.support.settings import COMPLETE, complete_settings

from insta_voice.api.app import create_app
from insta_voice.auth.demo import DEMO_USERS
from insta_voice.auth.demo_people import refuse_demo_people
from insta_voice.auth.safety import refuse_unsafe, refuse_unsafe_installation, refuse_unsafe_part, unsafe_reasons
from insta_voice.customers import import_profile
from insta_voice.db import Database
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings

UNSAFE: dict[str, tuple[dict[str, str | None], str]] = {
    "an emulator": ({"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}, "FIREBASE_AUTH_EMULATOR_HOST is set"),
    "a demo project": ({"FIREBASE_PROJECT_ID": "demo-insta-voice"}, "FIREBASE_PROJECT_ID begins with demo-"),
    "devkey": ({"LIVEKIT_API_KEY": "devkey"}, "well-known development one"),
    "secret": ({"LIVEKIT_API_SECRET": "secret"}, "well-known development one"),
    "a short secret": ({"LIVEKIT_API_SECRET": "x" * 31}, "shorter than 32 characters"),
    "any origin": ({"INSTA_ALLOWED_ORIGINS": "*"}, "INSTA_ALLOWED_ORIGINS holds *"),
    "any sub-origin": ({"INSTA_ALLOWED_ORIGINS": "https://*.example.com"}, "INSTA_ALLOWED_ORIGINS holds *"),
    "an open origin": ({"INSTA_ALLOWED_ORIGINS": "http://example.com"}, "without encryption"),
    "no origin": ({"INSTA_ALLOWED_ORIGINS": "example.com"}, "which is no origin"),
    "an origin with a path": ({"INSTA_ALLOWED_ORIGINS": "https://example.com/app"}, "which is no origin"),
    "any proxy": ({"INSTA_TRUSTED_PROXIES": "0.0.0.0/0"}, "trusts every address"),
    "a proxy without address": ({"INSTA_TRUSTED_PROXIES": "*"}, "INSTA_TRUSTED_PROXIES holds *: anyone could forge"),
    "a proxy that is none": ({"INSTA_TRUSTED_PROXIES": "proxy"}, "INSTA_TRUSTED_PROXIES holds 'proxy'"),
    "a page without TLS": ({"INSTA_PUBLIC_URL": "http://help.example.com"}, "INSTA_PUBLIC_URL is not https"),
    "calls without TLS": ({"LIVEKIT_URL": "ws://calls.example.com"}, "Browsers would reach LiveKit without encryption"),
    "calls without TLS for browsers": (
        {"LIVEKIT_URL": "ws://livekit:7880", "LIVEKIT_PUBLIC_URL": "ws://calls.example.com"},
        "Browsers would reach LiveKit without encryption",
    ),
    "strangers by an oversight": ({"SIGNUP_STRANGERS_MAY_CALL": None}, "SIGNUP=open lets anybody"),
    "no domains": ({"SIGNUP": "domains"}, "SIGNUP_DOMAINS names none"),
    "everybody's domain": ({"SIGNUP": "domains", "SIGNUP_DOMAINS": "Gmail.com"}, "where anybody has an address"),
    "every domain": ({"SIGNUP": "domains", "SIGNUP_DOMAINS": "*.com"}, "which is no domain"),
    "the demo's name": ({"COMPANY_NAME": None}, "COMPANY_NAME is the demo's"),
    "the demo's contact": ({"SUPPORT_CONTACT": None}, "SUPPORT_CONTACT is the demo's"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
    "no call server": ({"LIVEKIT_URL": None}, "LIVEKIT_URL is not set"),
    "no key": ({"LIVEKIT_API_KEY": None}, "LIVEKIT_API_KEY is not set"),
    "no webhook key": ({"LIVEKIT_API_SECRET": None}, "no webhook checked"),
    "no project": ({"FIREBASE_PROJECT_ID": None}, "FIREBASE_PROJECT_ID is not set"),
    "no web key": ({"FIREBASE_WEB_API_KEY": None}, "FIREBASE_WEB_API_KEY is not set"),
    "tickets in clear": (
        {"TICKET_WEBHOOK_URL": "http://example.com/t", "TICKET_WEBHOOK_SECRET": "s3cret"},
        "TICKET_WEBHOOK_URL is http",
    ),
    "unsigned tickets": ({"TICKET_WEBHOOK_URL": "https://example.com/t"}, "TICKET_WEBHOOK_SECRET is not set"),
}


def test_complete_production_settings_start() -> None:
    refuse_unsafe(complete_settings())
    refuse_unsafe(
        complete_settings(INSTA_ALLOWED_ORIGINS="https://help.example.com", INSTA_TRUSTED_PROXIES="10.0.0.0/8,::1")
    )
    refuse_unsafe(
        complete_settings(
            INSTA_PUBLIC_URL="https://help.example.com",
            LIVEKIT_URL="ws://livekit:7880",
            LIVEKIT_PUBLIC_URL="wss://calls.example.com",
        )
    )
    refuse_unsafe(complete_settings(SIGNUP="domains", SIGNUP_DOMAINS="example.com,mail.example.org"))
    refuse_unsafe(complete_settings(INSTA_PUBLIC_URL="http://localhost:8080", LIVEKIT_URL="wss://x.livekit.cloud"))


@pytest.mark.parametrize(("change", "sentence"), UNSAFE.values(), ids=UNSAFE.keys())
def test_each_unsafe_setting_is_refused_with_its_sentence(change: dict[str, str | None], sentence: str) -> None:
    settings = complete_settings(**change)
    reasons = list(unsafe_reasons(settings))
    assert len(reasons) == 1
    assert sentence in reasons[0]
    with pytest.raises(ConfigurationError, match=r"\.$") as caught:
        create_app(settings)
    assert caught.value.message == reasons[0]


def test_development_allows_what_one_machine_needs() -> None:
    refuse_unsafe(
        complete_settings(
            INSTA_ENV="development",
            FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9099",
            FIREBASE_PROJECT_ID="demo-insta-voice",
            FIREBASE_WEB_API_KEY=None,
            LIVEKIT_API_KEY="devkey",
            LIVEKIT_API_SECRET="secret",
            INSTA_ALLOWED_ORIGINS="http://localhost:5173",
        )
    )


def test_no_reason_repeats_a_secret() -> None:
    settings = complete_settings(LIVEKIT_API_SECRET="hunter2-hunter2")
    assert "hunter2" not in " ".join(unsafe_reasons(settings))


# What the promise names; everything that starts has to know each of them.
NAMED = (
    "an emulator",
    "devkey",
    "secret",
    "no webhook key",
    "any origin",
    "any sub-origin",
    "any proxy",
    "unsigned tickets",
)


@pytest.mark.parametrize("refuse", [refuse_unsafe, refuse_unsafe_installation, refuse_unsafe_part])
@pytest.mark.parametrize("unsafe", NAMED)
def test_every_part_refuses_what_the_promise_names(unsafe: str, refuse: Callable[[Settings], None]) -> None:
    change, sentence = UNSAFE[unsafe]
    with pytest.raises(ConfigurationError) as caught:
        refuse(complete_settings(**change))
    assert sentence in caught.value.message


def test_up_starts_what_is_not_set_but_not_half_of_it() -> None:
    embedded = {"DATABASE_URL": None, "LIVEKIT_URL": None, "LIVEKIT_API_KEY": None, "LIVEKIT_API_SECRET": None}
    refuse_unsafe_installation(complete_settings(**embedded))
    with pytest.raises(ConfigurationError, match="LIVEKIT_API_KEY is not set"):
        refuse_unsafe_installation(complete_settings(LIVEKIT_API_KEY=None))
    with pytest.raises(ConfigurationError, match="the sign-in emulator lets anyone in"):
        refuse_unsafe_installation(complete_settings(FIREBASE_PROJECT_ID=None, FIREBASE_WEB_API_KEY=None))


def test_a_worker_needs_no_more_than_its_own_services() -> None:
    """It signs nobody in, and reaches LiveKit on the inside."""
    refuse_unsafe_part(
        complete_settings(LIVEKIT_URL="ws://livekit:7880", FIREBASE_PROJECT_ID=None, FIREBASE_WEB_API_KEY=None)
    )


async def start_all(environment: dict[str, str], folder: Path) -> dict[str, tuple[int | None, str]]:
    """How each command ended, started side by side."""
    command = Path(sys.executable).with_name("insta-voice")

    async def start(part: str) -> tuple[str, tuple[int | None, str]]:
        process = await asyncio.create_subprocess_exec(
            command,
            part,
            env={**environment, "PATH": os.environ["PATH"], "INSTA_DATA_DIR": str(folder / "data")},
            cwd=folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), 60)
        finally:
            if process.returncode is None:
                process.kill()
        return part, (process.returncode, said.decode())

    return dict(await asyncio.gather(*(start(part) for part in ("up", "api", "worker", "jobs"))))


async def test_each_command_ends_with_the_sentence(tmp_path: Path) -> None:
    environment = {**COMPLETE, "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
    for part, (code, said) in (await start_all(environment, tmp_path)).items():
        assert code == 1, part
        assert "insta-voice: FIREBASE_AUTH_EMULATOR_HOST is set in production" in said, part
        assert "Traceback" not in said, part


@pytest.fixture
async def with_the_demos_admin(database: TestDatabase) -> str:
    """The address of a database into which somebody once loaded the demo."""
    ada = next(user for user in DEMO_USERS if user.role == "admin")
    async with Database(database.url, max_size=1) as db:
        await import_profile(
            db, user_id=ada.user_id, email=ada.email, name=ada.name, plan=ada.plan, role=ada.role, account=None
        )
    return database.url


async def test_a_default_admin_starts_nothing(with_the_demos_admin: str, tmp_path: Path) -> None:
    environment = {**COMPLETE, "DATABASE_URL": with_the_demos_admin}
    for part, (code, said) in (await start_all(environment, tmp_path)).items():
        assert code == 1, part
        assert "insta-voice: 1 people of the demo company are in the production database" in said, part
        assert "Traceback" not in said, part


async def test_the_demos_people_may_be_where_they_belong(with_the_demos_admin: str) -> None:
    await refuse_demo_people(complete_settings(INSTA_ENV="development"), with_the_demos_admin)
    await refuse_demo_people(complete_settings(), "postgresql://nobody@127.0.0.1:9/none")  # away: the next start asks


async def test_a_database_without_them_starts(database_url: str) -> None:
    await refuse_demo_people(complete_settings(), database_url)
