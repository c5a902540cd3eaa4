"""Promise 11: a drain timeout leaves no orphan process and no unwritten turn."""

import signal

import pytest
from tests.support.caller import Caller
from tests.support.calls import CallCenter, Part
from tests.support.poll import eventually_async
from tests.support.processes import alive
from tests.support.settings import QUICKLY_GREETED

from insta_voice.agent.typed import TYPED_TOPIC

AGENT = "to-be-stopped"
ENDS_WITHIN_S = 16.0  # 1 s of draining, the callers told, turns written: 8 s, doubled on a real clock


@pytest.mark.timeout(300)  # a worker of its own beside the call center, on two cores
async def test_calls_that_outlast_the_drain_are_told_written_and_gone(call_center: CallCenter) -> None:
    """One is being answered, the other has only been greeted, when the time is up."""
    environment = {**call_center.environment, "LIVEKIT_AGENT_NAME": AGENT, "VOICE_DRAIN_S": "1", **QUICKLY_GREETED}
    worker = Part("worker", environment, call_center.directory)
    await worker.start()
    try:
        async with call_center.call(agent_name=AGENT) as idle, call_center.call(agent_name=AGENT) as busy:
            await idle.caller.greeting()
            await busy.caller.greeting()
            await busy.caller.room.local_participant.send_text("How do I reset my password?", topic=TYPED_TOPIC)
            await busy.caller.ear.first_sound(await _answer_begins_s(busy.caller), 15)
            tree = [worker.process, *worker.process.children(recursive=True)]
            assert len(worker.holders_of_calls()) == 2
            worker.process.send_signal(signal.SIGTERM)

            async def gone() -> bool:
                return not alive(tree)

            await eventually_async(gone, within_s=ENDS_WITHIN_S, what="the worker and all it started gone")
            for call in (idle, busy):
                await call.caller.wait_ended(5)
                assert call.caller.states[-1]["state"] == "ended"
                assert call.caller.states[-1]["reason"]
            told, cut = await idle.closed(), await busy.closed()
    finally:
        await worker.stop()
    assert (told.end_reason, cut.end_reason) == ("shutdown", "shutdown")
    assert [turn.kind for turn in told.turns] == ["greeting"]
    assert [turn.kind for turn in cut.turns] == ["greeting", "typed", "answer"]
    assert cut.turns[-1].text.startswith(cut.turns[-1].heard.rstrip(" .,…")[:20])
    assert cut.turns[-1].heard


async def _answer_begins_s(caller: Caller) -> float:
    """When the source was shown: what may be heard before it asks for patience."""

    async def shown_s() -> float | None:
        return caller.sources[-1][0] if caller.sources else None

    return await eventually_async(shown_s, within_s=15, what="the source of the answer")
