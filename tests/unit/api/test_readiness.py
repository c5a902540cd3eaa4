"""/readyz: each part that is missing has its sentence, in the order in which the parts need each other."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.support.api import Api, StartApi
from tests.support.media_server import media_server
from tests.support.postgres import TestDatabase

from insta_voice.api.readiness import Readiness
from insta_voice.calls import upsert_worker
from insta_voice.settings import LiveKitSettings


@pytest.fixture(scope="module")
async def livekit() -> AsyncIterator[LiveKitSettings]:
    """A running call server."""
    async with media_server() as settings:
        yield settings


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def said(api: Api) -> tuple[int, str | None]:
    """Status and reason of a question that remembers nothing."""
    api.app.state.readiness = Readiness(api.services)
    answer = await api.http.get("/readyz")
    assert (answer.status_code == 200) == (answer.json()["status"] == "ready")
    assert ("Retry-After" in answer.headers) == (answer.status_code == 503)
    return answer.status_code, answer.json().get("reason")


async def test_it_says_what_is_missing_until_all_is_there(
    start_api: StartApi, livekit: LiveKitSettings, database: TestDatabase
) -> None:
    away = await start_api()
    assert await said(away) == (503, "The call server does not answer.")
    wrong_key = await start_api(LIVEKIT_URL=livekit.url, LIVEKIT_API_SECRET="x" * 40)
    assert await said(wrong_key) == (503, "The call server does not answer.")

    api = await start_api(LIVEKIT_URL=livekit.url, VOICE_SPEECH_URL="http://127.0.0.1:9")
    assert await said(api) == (503, "The assistant is warming up.")
    await upsert_worker(api.services.db, "worker-1", 0, 4)
    assert await said(api) == (503, "The speech models are being loaded.")

    without_local_speech = await start_api(LIVEKIT_URL=livekit.url, OPENAI_API_KEY="sk-test")
    assert await said(without_local_speech) == (200, None)

    async with await psycopg.AsyncConnection.connect(database.admin_url, autocommit=True) as owner:
        await owner.execute("update agent_workers set seen_at = now() - interval '1 minute'")
        assert await said(without_local_speech) == (503, "The assistant is warming up.")
        await owner.execute("delete from supabase_migrations.schema_migrations where name = 'limits'")
    assert await said(without_local_speech) == (503, "The database is being prepared.")


async def test_many_questions_are_one(start_api: StartApi, livekit: LiveKitSettings) -> None:
    """Every open page asks each second and a half while the assistant warms up."""
    api = await start_api(LIVEKIT_URL=livekit.url, OPENAI_API_KEY="sk-test")
    clock = Clock()
    api.app.state.readiness = Readiness(api.services, clock=clock)
    assert (await api.http.get("/readyz")).json()["status"] == "warming_up"
    await upsert_worker(api.services.db, "worker-1", 0, 4)
    assert (await api.http.get("/readyz")).json()["status"] == "warming_up"
    clock.now_s += 1.1
    assert (await api.http.get("/readyz")).json() == {"status": "ready"}
