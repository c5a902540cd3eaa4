"""Promise 12: a lost LiveKit connection is survived: the worker comes back by itself, and says meanwhile that it is not
there, so that /readyz says 503 (`tests/unit/api/test_readiness.py` has the sentence)."""

from contextlib import AsyncExitStack
from dataclasses import replace

from tests.support.calls import CallCenter, Part
from tests.support.media_server import media_server
from tests.support.poll import eventually_async
from tests.support.postgres import free_port

from insta_voice.calls import agent_ready
from insta_voice.settings import LiveKitSettings

GONE_WITHIN_S = 10.0
BACK_WITHIN_S = 30.0  # it tries again after 0, 2, 4 … 10 s


async def test_a_worker_outlives_its_call_server(call_center: CallCenter) -> None:
    port = free_port()
    async with AsyncExitStack() as later:
        async with media_server(port=port) as livekit:
            worker = Part("worker", _environment(call_center, livekit), call_center.directory)
            await worker.start()
            later.push_async_callback(worker.stop)
            center = replace(call_center, livekit=livekit, worker=worker)
            await _is_listed(center, True, BACK_WITHIN_S)
        pid = worker.process.pid
        await _is_listed(center, False, GONE_WITHIN_S)
        async with media_server(port=port):
            await _is_listed(center, True, BACK_WITHIN_S)
            assert worker.process.pid == pid, "it was not started anew"
            async with center.call() as call:
                assert "AI assistant" in (await call.caller.greeting()).text
            await worker.stop()


def _environment(center: CallCenter, livekit: LiveKitSettings) -> dict[str, str]:
    assert livekit.url
    assert livekit.api_key
    assert livekit.api_secret
    return {
        **center.environment,
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret.get_secret_value(),
    }


async def _is_listed(center: CallCenter, wanted: bool, within_s: float) -> None:
    """Whether the database says that this worker answers calls; the call center's own is another."""

    async def asked() -> bool:
        name = f":{center.worker.process.pid}"
        async with center.db.as_service() as connection:
            rows = await (
                await connection.execute("select name from agent_workers where seen_at > now() - interval '15 s'")
            ).fetchall()
        return any(row["name"].endswith(name) for row in rows) is wanted

    assert await agent_ready(center.db), "the call center's own worker is there all the time"
    await eventually_async(asked, within_s=within_s, what=f"the worker {'listed' if wanted else 'taken off'}")
