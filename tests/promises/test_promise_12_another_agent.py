"""Promise 12: a caller whose agent died gets another or is told, within 10 s; the worker comes back to LiveKit."""

import time

from tests.support.calls import CallCenter, Part
from tests.support.poll import eventually_async

from insta_voice.agent.typed import TYPED_TOPIC
from insta_voice.auth.livekit import Rooms, job_metadata
from insta_voice.calls import Turn

WITHIN_S = 20.0  # 10 s, and at most doubled on a real clock


def cut_off(turn: Turn) -> bool:
    """Whether another agent says with it that it is there now."""
    return turn.text.startswith("Sorry, we were cut off")


async def test_a_caller_whose_agent_was_killed_is_helped_by_another(call_center: CallCenter) -> None:
    jobs = Part("jobs", call_center.environment, call_center.directory)
    await jobs.start()
    try:
        async with call_center.call() as call:
            await call.caller.greeting()
            await call.caller.type("How do I reset my password?")  # in writing: it is told by its words below
            for process in call_center.worker.holders_of_calls():
                process.kill()
            killed_at_s = time.monotonic()

            async def told() -> bool:
                return any(state["state"] == "resumed" for state in call.caller.states)

            await eventually_async(told, within_s=WITHIN_S, what="another agent in the call")
            await call.caller.ear.first_sound(killed_at_s + 1, WITHIN_S)
            await call.caller.ear.silence(20)
            answer = await call.ask("How do I change my email address?")
            await call.caller.room.local_participant.send_text("Goodbye.", topic=TYPED_TOPIC)
            await call.caller.wait_ended(15)
            record = await call.closed()
    finally:
        await jobs.stop()
    assert answer.sources
    assert record.summary
    assert "reset my password" in record.summary, "the second agent knows what was said to the first"
    assert "email" in record.summary
    numbers = [turn.number for turn in record.turns]
    assert numbers == list(range(1, len(numbers) + 1))
    assert any(map(cut_off, record.turns))


async def test_an_agent_taken_out_of_the_room_leaves_the_call_to_the_next(call_center: CallCenter) -> None:
    """The watcher removes an agent it takes for dead. If that agent lives, it must not close the call behind itself."""
    async with call_center.call() as call:
        await call.caller.greeting()
        room = call.reservation.room_name
        async with Rooms(call_center.livekit) as rooms:
            [agent] = [someone for someone in await rooms.participants(room) if someone.is_agent]
            await rooms.remove(room, agent.identity)

            async def left() -> bool:
                return not call_center.worker.holders_of_calls()

            await eventually_async(left, within_s=10, what="the removed agent gone")
            assert (await call.record()).ended_at is None
            await rooms.dispatch_agent(room, job_metadata(call_id=call.reservation.call_id, user_id=call.user_id))
            answered = await call.recorded(2, within_s=20)
    assert cut_off(answered.turns[1])


async def test_an_agent_that_comes_too_late_leaves_the_call_to_the_one_who_holds_it(call_center: CallCenter) -> None:
    """A process that hung while it was to take a call wakes up when the next one is there: two answered everything."""
    async with call_center.call() as call:
        await call.caller.greeting()
        room = call.reservation.room_name
        async with Rooms(call_center.livekit) as rooms:
            [holder] = [someone.identity for someone in await rooms.participants(room) if someone.is_agent]
            await rooms.dispatch_agent(room, job_metadata(call_id=call.reservation.call_id, user_id=call.user_id))

            async def stepped_back() -> bool:
                return "another agent holds the call already" in call_center.worker.log.read_text(errors="replace")

            await eventually_async(stepped_back, within_s=WITHIN_S, what="the second agent stepping back")

            async def alone() -> bool:
                return [p.identity for p in await rooms.participants(room) if p.is_agent] == [holder]

            await eventually_async(alone, within_s=WITHIN_S, what="one agent in the room")
        assert (await call.record()).ended_at is None
        answer = await call.caller.type("How do I reset my password?")
    assert answer.sources
    assert not any(map(cut_off, (await call.closed()).turns))
