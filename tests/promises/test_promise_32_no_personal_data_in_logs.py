"""Promise 32: no personal data in logs, metrics, errors or job dumps.

A call full of it is led through the database, the jobs and an error of each kind, with every logger at debug, and
nothing of it may appear in what is written. (Redaction of single values: tests/unit/test_telemetry.py.)
"""

import asyncio
import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.support.api import StartApi
from tests.support.records import LIMITS, TTL, ensure_profile, make_call, turn

from insta_voice.calls import close_call, open_call, open_ticket, record_turn, reserve_call
from insta_voice.customers import (
    KnownPerson,
    get_profile,
    import_people,
    lock_out,
    save_interaction_summary,
)
from insta_voice.db import Database
from insta_voice.db.service_pool import ServicePool
from insta_voice.errors import DBDriverError, InstaVoiceError
from insta_voice.jobs.app import build_app
from insta_voice.jobs.tasks import obey_retention
from insta_voice.privacy import erase_address
from insta_voice.settings import Settings
from insta_voice.telemetry import PlainFormatter

EMAIL = "maya.okafor@private.example"
SPOKEN = "my card is 4111 1111 1111 1111 and my number is +49 30 1234567"
SECRETS = ("maya.okafor", "private.example", "4111 1111", "1234567", "my card is", "Okafor", "eyJhbGci")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What would stand in the log with everything at its loudest."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def assert_clean(text: str) -> None:
    for secret in SECRETS:
        assert secret.lower() not in text.lower()


async def test_a_whole_call_leaves_nothing_personal_in_the_log(
    db: Database, database_url: str, written: io.StringIO
) -> None:
    call_id = await make_call(db)
    await ensure_profile(db, user_id="maya", email=EMAIL, name="Maya Okafor", email_verified=True)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, SPOKEN))
    await open_ticket(db, user_id="maya", call_id=call_id, subject=SPOKEN, briefing=EMAIL, key="k")
    await close_call(db, call_id=call_id, reason="hung_up")
    async with ServicePool(database_url) as pool:
        app = build_app(db, Settings(), None)
        await app.open_async(pool)
        await app.run_worker_async(wait=False)
    logging.getLogger("insta_voice.test").info("the log was read")
    assert "the log was read" in written.getvalue()
    assert_clean(written.getvalue())


async def test_errors_say_nothing_personal(db: Database, written: io.StringIO) -> None:
    """Postgres' own sentence quotes the offending value, and Python prints it with the traceback."""
    log = logging.getLogger("insta_voice.test")
    call_id = await make_call(db)
    failures = [
        save_interaction_summary(EMAIL, SPOKEN, db=db),  # no such user: a foreign key quotes it
        open_ticket(db, user_id=EMAIL, call_id=call_id, subject=SPOKEN, briefing=SPOKEN, key="k"),
        reserve_call(db, user_id=EMAIL, limits=LIMITS, ttl=TTL),
        ensure_profile(db, user_id=EMAIL * 9, email=EMAIL, name=SPOKEN, email_verified=True),  # a check quotes the row
        record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, SPOKEN, kind="a\0b")),
    ]
    for failure in failures:
        with pytest.raises((InstaVoiceError, ValueError)) as caught:
            await failure
        log.error("it failed", exc_info=caught.value)
        if isinstance(caught.value, InstaVoiceError):
            assert_clean(f"{caught.value.message} {caught.value.detail}")
    assert written.getvalue().count("it failed") == len(failures)
    assert_clean(written.getvalue())


async def test_letting_people_in_and_erasing_them_leaves_nothing_personal_in_the_log(
    start_api: StartApi, db: Database, database_url: str, written: io.StringIO
) -> None:
    """Refused, imported, rated, exported, deleted by themselves and by an operator, and forgotten for their age."""
    api = await start_api(SIGNUP="known")
    maya = api.bearer("maya.okafor", email=EMAIL, name="Maya Okafor")
    assert (await api.http.post("/api/token", headers=maya)).status_code == 403
    facts = {"card": "4111 1111 1111 1111"}
    await import_people(db, [KnownPerson(EMAIL, "Maya Okafor", "team", facts)], with_facts=True)
    call_id = (await api.http.post("/api/token", headers=maya)).json()["call_id"]
    await open_call(db, call_id=UUID(call_id), user_id="maya.okafor")
    rating = {"solved": False, "comment": SPOKEN}
    assert (await api.http.put(f"/api/me/calls/{call_id}/rating", json=rating, headers=maya)).is_success
    bad = {"solved": "no", "comment": SPOKEN}
    assert (await api.http.put(f"/api/me/calls/{call_id}/rating", json=bad, headers=maya)).status_code == 422
    assert (await api.http.get("/api/me/data", headers=maya)).is_success
    assert (await api.http.delete(f"/api/me/calls/{call_id}", headers=maya)).status_code == 204
    await lock_out(db, EMAIL, disabled=True)
    assert (await api.http.get("/api/me", headers=maya)).status_code == 403
    await erase_address(db, EMAIL)
    await obey_retention(db, api.settings, datetime.now(UTC))
    async with ServicePool(database_url) as pool:
        app = build_app(db, Settings(), None)
        await app.open_async(pool)
        await app.run_worker_async(wait=False)
    assert "erasure" in written.getvalue()
    assert_clean(written.getvalue())
    metrics = (await api.http.get("/metrics")).text
    assert "/api/me/calls/{call_id}" in metrics
    assert_clean(metrics)
    assert call_id not in metrics


async def test_an_exception_nobody_fetched_says_nothing_personal(written: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(SPOKEN)

    task = asyncio.create_task(fail(), name="forgotten")
    await asyncio.wait([task])
    del task
    import gc

    gc.collect()
    assert "Task exception was never retrieved" in written.getvalue()
    assert_clean(written.getvalue())


async def test_the_server_of_the_embedded_default_logs_no_statement_and_no_value(db: Database) -> None:
    """What Postgres writes itself, at an error: neither the statement nor its parameters nor the row."""
    wanted = {
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
    }
    async with db.as_service() as connection:
        rows = await (
            await connection.execute("select name, setting from pg_settings where name = any(%s)", [list(wanted)])
        ).fetchall()
    assert {row["name"]: row["setting"] for row in rows} == wanted


async def test_a_database_that_is_away_is_said_without_its_password() -> None:
    async with Database("postgresql://insta:hunter2@127.0.0.1:9/none", connect_timeout_s=0.2) as away:
        with pytest.raises(DBDriverError) as caught:
            await get_profile(away, EMAIL)
    assert "hunter2" not in f"{caught.value.message} {caught.value.detail}"
    assert_clean(caught.value.detail)
