"""Promise 21, the part of rates: tokens per user and per address hold under races, in a real Postgres."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import psycopg
from tests.support.api import StartApi
from tests.support.postgres import TestDatabase
from tests.support.settings import complete_settings

from insta_voice.auth.limits import take_token_request
from insta_voice.db import Database
from insta_voice.errors import RateLimitedError
from insta_voice.settings import Settings

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def passed(db: Database, requests: list[tuple[str, str]], settings: Settings) -> int:
    """How many of these (user, address) requests, all at once, pass."""
    outcomes = await asyncio.gather(
        *(take_token_request(db, settings, user_id=user, address=address) for user, address in requests),
        return_exceptions=True,
    )
    unforeseen = [o for o in outcomes if o is not None and not isinstance(o, RateLimitedError)]
    assert not unforeseen
    return outcomes.count(None)


async def test_thirty_requests_at_once_pass_exactly_as_often_as_allowed(start_api: StartApi) -> None:
    api = await start_api(LIMIT_TOKENS_PER_MINUTE="7", LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="100")
    answers = await asyncio.gather(*(api.ask_token("maya") for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [201] * 7 + [429] * 23
    for refused in (answer for answer in answers if answer.status_code == 429):
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.json()["code"] == "rate_limited"
    assert (await api.ask_token("leo")).status_code == 201


async def test_an_address_is_limited_across_users(start_api: StartApi) -> None:
    api = await start_api(LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="5", INSTA_TRUSTED_PROXIES="203.0.113.5")
    here = {"X-Forwarded-For": "198.51.100.1"}
    answers = await asyncio.gather(*(api.ask_token(f"user-{number}", **here) for number in range(12)))
    assert [answer.status_code for answer in answers].count(201) == 5
    assert (await api.ask_token("user-99", **{"X-Forwarded-For": "198.51.100.2"})).status_code == 201


async def test_an_untrusted_header_buys_nothing(start_api: StartApi) -> None:
    api = await start_api(LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="3")
    answers = [await api.ask_token(f"u{n}", **{"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 3 + [429] * 3


async def test_a_refused_request_counts_against_nobody(db: Database) -> None:
    """Otherwise a caller who keeps trying would never get through, and would use up the address for others."""
    settings = complete_settings(LIMIT_TOKENS_PER_MINUTE="2", LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="3")
    assert await passed(db, [("maya", "198.51.100.1")] * 10, settings) == 2
    assert await passed(db, [("leo", "198.51.100.1")], settings) == 1
    assert await passed(db, [("sam", "198.51.100.1")], settings) == 0


async def test_crossed_users_and_addresses_never_deadlock(db: Database) -> None:
    settings = complete_settings(LIMIT_TOKENS_PER_MINUTE="100", LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="100")
    crossed = [(f"user-{n % 3}", f"198.51.100.{(n + n // 3) % 3}") for n in range(60)]
    assert await passed(db, crossed, settings) == 60


async def take(connection: psycopg.AsyncConnection, at: datetime, allowed: int = 3) -> float:
    """One request of `maya` at `at`: seconds to wait, 0 when it passed."""
    cursor = await connection.execute(
        "select insta.take_from_limits(array['maya'], array[%s], interval '1 minute', %s)", (allowed, at)
    )
    row = await cursor.fetchone()
    assert row is not None
    return float(row[0])


async def test_no_minute_holds_more_than_the_limit(database: TestDatabase) -> None:
    """A window that starts anew each minute would let twice the limit pass around its border."""
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        assert [await take(connection, NOON + timedelta(seconds=s)) for s in (0, 20, 50)] == [0, 0, 0]
        assert await take(connection, NOON + timedelta(seconds=58)) == 2
        assert await take(connection, NOON + timedelta(seconds=60)) == 0
        assert await take(connection, NOON + timedelta(seconds=61)) == 19
        assert await take(connection, NOON + timedelta(seconds=62), allowed=1) == 58  # the limit was lowered


async def test_nothing_readable_is_kept_and_old_rows_go(database: TestDatabase) -> None:
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        for number in range(30):
            await connection.execute(
                "select insta.take_from_limits(array[%s], array[5], interval '1 minute', %s)",
                (f"token:address:198.51.100.{number}", NOON),
            )
        rows = await (await connection.execute("select key from insta.rate_limits")).fetchall()
        assert len(rows) == 30
        assert not any("198." in key for (key,) in rows)
        for _ in range(2):
            await take(connection, NOON + timedelta(hours=1))
        left = await (await connection.execute("select count(*) from insta.rate_limits")).fetchone()
        assert left == (1,)


async def test_a_dump_names_nobody(database: TestDatabase, db: Database) -> None:
    """All addresses there are can be hashed in minutes; the key of these hashes is in no dump."""
    here, elsewhere = (
        complete_settings(),
        complete_settings(LIVEKIT_API_SECRET="another-installations-secret-0123456789"),
    )
    for settings in (here, here, elsewhere):
        await take_token_request(db, settings, user_id="maya", address="198.51.100.7")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        rows = await (await connection.execute("select key from insta.rate_limits")).fetchall()
    keys = {key for (key,) in rows}
    assert len(keys) == 4  # a user's and an address' of each installation
    subjects = ("token:user:maya", "token:address:198.51.100.7", "maya", "198.51.100.7")
    assert not keys & {hashlib.sha256(subject.encode()).hexdigest() for subject in subjects}


async def test_the_runtime_role_cannot_reset_its_limits(database: TestDatabase, db: Database) -> None:
    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        await take(connection, NOON)
        for role in ("insta_app", "insta_jobs"):
            cursor = await connection.execute(
                "select has_table_privilege(%s, 'insta.rate_limits', 'select, insert, update, delete')", (role,)
            )
            assert await cursor.fetchone() == (False,)
