"""Promise 9: after SIGTERM no new call within 1 s; running calls end naturally, in any order."""

import signal
import time
from collections.abc import AsyncIterator

import pytest
from tests.support.calls import CallCenter, Part
from tests.support.openai import ScriptedOpenAI, reply, serving_openai
from tests.support.poll import eventually_async
from tests.support.processes import alive

from insta_voice.auth.livekit import Rooms

NO_NEW_CALL_WITHIN_S = 2.0  # 1 s, and at most doubled on a real clock
AGENT = "to-be-drained"
DRAINED = {"LIVEKIT_AGENT_NAME": AGENT, "VOICE_DRAIN_S": "60"}
ANSWER = "Open the sign-in page, and choose what is written below the password. Then look into your mail."


@pytest.fixture
async def openai() -> AsyncIterator[ScriptedOpenAI]:
    async with serving_openai(mind=lambda prompt: reply(ANSWER)) as server:
        yield server


async def counts(center: CallCenter, worker: Part) -> bool:
    """Whether the limits and /readyz count on it: its name ends in its process's number."""
    async with center.db.as_service() as connection:
        rows = await (await connection.execute("select name from agent_workers")).fetchall()
    return any(row["name"].endswith(f":{worker.process.pid}") for row in rows)


# In realtime a call has a connection of its own to a provider, which is to last as long as the call.
@pytest.mark.parametrize("mode", ["local", "realtime"])
@pytest.mark.timeout(300)  # a worker of its own beside the call center, on two cores
async def test_a_stopped_worker_takes_no_call_and_lets_its_own_end(
    call_center: CallCenter, openai: ScriptedOpenAI, mode: str
) -> None:
    environment = {**call_center.environment, **openai.settings, **DRAINED, "VOICE_MODE": mode}
    worker = Part("worker", environment, call_center.directory)
    await worker.start()
    process = worker.process
    try:
        async with call_center.call(agent_name=AGENT) as first:
            await first.caller.greeting()
            async with call_center.call(agent_name=AGENT) as second:
                await second.caller.greeting()
                assert await counts(call_center, worker)
                stopping_at_s = time.monotonic()
                process.send_signal(signal.SIGTERM)

                async def forgotten() -> bool:
                    return not await counts(call_center, worker)

                await eventually_async(forgotten, within_s=NO_NEW_CALL_WITHIN_S, what="the worker counts no more")
                async with call_center.call(agent_name=AGENT) as late, Rooms(call_center.livekit) as rooms:
                    answer = await first.caller.type("How do I reset my password?")
                    # The answer took longer than an agent needs to come.
                    assert time.monotonic() - stopping_at_s > NO_NEW_CALL_WITHIN_S
                    there = await rooms.participants(late.reservation.room_name)
                    assert [someone.is_agent for someone in there] == [False]
                assert answer.sources
                assert [(await call.record()).ended_at for call in (first, second)] == [None, None]
            # The one that came last has hung up; the first one goes on.
            assert (await second.closed()).end_reason == "caller_left"
            later = await first.caller.type("How do I change my email address?")
            assert later.sources
            assert (later.text == ANSWER) is (mode == "realtime")
            assert alive([process])
        assert (await first.closed()).end_reason == "caller_left"

        async def gone() -> bool:
            return not alive([process])

        await eventually_async(gone, within_s=20, what="the worker gone by itself: there is nothing left to wait for")
    finally:
        await worker.stop()
    for call in (first, second):
        numbers = [turn.number for turn in (await call.record()).turns]
        assert numbers == list(range(1, len(numbers) + 1))
