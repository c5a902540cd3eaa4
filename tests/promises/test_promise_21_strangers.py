"""Promise 21 from the outside: a stranger with the page's address and any Google account causes no token, no call and
no cent under the default configuration; and whoever may call cannot make more of it by asking often.

The database and the call server are real, the tokens are genuine.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from psycopg import AsyncConnection, sql
from tests.support.api import Api, StartApi
from tests.support.endpoint import Endpoint, serving_endpoint
from tests.support.postgres import TestDatabase
from tests.support.records import make_call, make_user

from insta_voice.auth.livekit import Rooms
from insta_voice.settings import AccessSettings, LiveKitSettings

DEFAULT = {"SIGNUP": None, "SIGNUP_STRANGERS_MAY_CALL": None}
GOOGLE = {
    "email": "anyone@gmail.com",
    "email_verified": True,
    "firebase": {"sign_in_provider": "google.com", "identities": {"google.com": ["1"], "email": ["anyone@gmail.com"]}},
}
# Counted under hashes, forgotten after a minute: how often somebody asked is not written anywhere else.
COUNTED = "rate_limits"


@pytest.fixture
async def speech() -> AsyncIterator[Endpoint]:
    """Stands where the speech server would be; whoever asks it has caused work."""
    async with serving_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
async def api(start_api: StartApi, livekit_server: LiveKitSettings, speech: Endpoint) -> Api:
    """As it is installed: nothing said about who may call."""
    return await start_api(
        **DEFAULT, LIVEKIT_URL=livekit_server.url, VOICE_MODE="local", VOICE_SPEECH_URL=speech.url.rpartition("/")[0]
    )


async def rows(database: TestDatabase) -> dict[str, int]:
    """How many there are in each table."""
    async with await AsyncConnection.connect(database.admin_url) as connection:
        tables = await (
            await connection.execute(
                """select schemaname, tablename from pg_tables
                    where schemaname not in ('pg_catalog', 'information_schema') and tablename <> %s""",
                [COUNTED],
            )
        ).fetchall()
        counted = {}
        for schema, table in tables:
            count = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
            row = await (await connection.execute(count)).fetchone()
            assert row is not None
            counted[f"{schema}.{table}"] = int(row[0])
    return counted


async def rooms_of(livekit: LiveKitSettings) -> set[str]:
    async with Rooms(livekit) as rooms:
        return set(await rooms.names())


@pytest.mark.parametrize(
    "account",
    [
        GOOGLE,
        {**GOOGLE, "email": "MAYA@gmail.com"},
        {**GOOGLE, "email": ..., "firebase": {"sign_in_provider": "anonymous", "identities": {}}},
        {**GOOGLE, "email": "maya@example.org", "email_verified": False},
    ],
    ids=["google", "another's name elsewhere", "anonymous", "another's address, unconfirmed"],
)
async def test_a_stranger_gets_nothing_and_leaves_nothing(
    api: Api, database: TestDatabase, livekit_server: LiveKitSettings, speech: Endpoint, account: dict[str, object]
) -> None:
    call_id = str(await make_call(api.services.db))  # maya's, who is known
    before, rooms_before = await rows(database), await rooms_of(livekit_server)
    stranger = api.bearer("stranger", **account)
    asked = 0
    for path, operations in api.app.openapi()["paths"].items():
        for method in (name for name, operation in operations.items() if "security" in operation):
            answer = await api.http.request(
                method, path.replace("{call_id}", call_id), json={"solved": True}, headers=stranger
            )
            refused = (answer.status_code, answer.json()["code"])
            assert refused in ((403, "not_known"), (403, "email_not_verified")), (method, path)
            asked += 1
    assert asked >= 8
    assert await rows(database) == before
    assert await rooms_of(livekit_server) == rooms_before
    assert speech.asked == []


async def test_a_storm_is_one_reservation_no_call_and_no_room(
    api: Api, database: TestDatabase, livekit_server: LiveKitSettings, speech: Endpoint
) -> None:
    """Sixty at the same moment from the same address: somebody known thirty times, and thirty strangers."""
    await make_user(api.services.db, "leo")
    before, rooms_before = await rows(database), await rooms_of(livekit_server)
    known = api.bearer("leo")
    answers = await asyncio.gather(
        *(api.http.post("/api/token", headers=known) for _ in range(30)),
        *(api.http.post("/api/token", headers=api.bearer(f"stranger-{n}", **GOOGLE)) for n in range(30)),
    )
    assert [answer.status_code for answer in answers[:30]].count(201) == AccessSettings().tokens_per_minute
    assert {answer.status_code for answer in answers[30:]} == {403}
    assert len({answer.json()["call_id"] for answer in answers if answer.status_code == 201}) == 1
    after = await rows(database)
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "public.call_reservations": 1
    }
    assert await rooms_of(livekit_server) == rooms_before
    assert speech.asked == []
