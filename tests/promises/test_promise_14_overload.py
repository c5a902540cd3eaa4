"""Promise 14: overload is refused with Retry-After, not served badly; liveness stays green."""

import asyncio
import time

import httpx
from tests.support.api import Api, StartApi
from tests.support.problems import is_problem
from tests.support.records import make_call

from insta_voice.calls import list_all_calls, upsert_worker

ALIVE_WITHIN_S = 1.0  # a supervisor asks again later, a balancer takes the process out


def refused(answer: httpx.Response) -> str:
    """The code of a refusal that says when to come again."""
    assert is_problem(answer), answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    return str(answer.json()["code"])


async def alive_throughout(api: Api, work: "asyncio.Future[list[httpx.Response]]") -> list[float]:
    """How long each answer to "alive?" took while `work` was under way."""
    took_s = []
    while not work.done():
        began = time.monotonic()
        assert (await api.http.get("/healthz")).json() == {"status": "alive"}
        took_s.append(time.monotonic() - began)
        await asyncio.sleep(0.01)
    return took_s


async def test_more_callers_than_lines_are_told_to_wait(start_api: StartApi) -> None:
    api = await start_api(LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS="1000")
    await upsert_worker(api.services.db, "w", calls=1, capacity=4)
    await make_call(api.services.db, "in-a-call")
    storm = asyncio.gather(*(api.ask_token(f"user-{number}") for number in range(60)))
    took_s = await alive_throughout(api, storm)
    answers = await storm
    assert [answer.status_code for answer in answers].count(201) == 3
    assert {refused(answer) for answer in answers if answer.status_code != 201} == {"at_capacity"}
    assert max(took_s) < ALIVE_WITHIN_S
    (running,) = await list_all_calls(api.services.db)
    assert running.ended_at is None


async def test_more_requests_than_the_database_takes_are_told_to_wait(start_api: StartApi) -> None:
    """One connection, held by something slow: whoever cannot be served in time is told so, nobody gets a 500."""
    api = await start_api(DATABASE_POOL_MAX_SIZE="1", DATABASE_CONNECT_TIMEOUT_S="0.5")
    async with api.services.db.as_service():
        storm = asyncio.gather(*(api.http.get("/api/me/calls", headers=api.bearer(f"u{n}")) for n in range(100)))
        took_s = await alive_throughout(api, storm)
        answers = await storm
    assert {refused(answer) for answer in answers} == {"database_unavailable"}
    assert max(took_s) < ALIVE_WITHIN_S
    assert (await api.http.get("/api/me/calls", headers=api.bearer("u1"))).json() == {"calls": []}
