"""Promise 1: a finished turn is in the database within 2 s; kill -9 of the job loses at most the turn in flight."""

import time

from tests.support.calls import CallCenter, TestCall, spoken

WITHIN_S = 2.0


async def test_a_finished_turn_is_in_the_database_within_two_seconds(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        greeting = await call.caller.greeting()
        await call.recorded(1, within_s=max(0.1, greeting.last_sound_at_s + WITHIN_S - time.monotonic()))
        answer = await call.ask("How do I reset my password?")
        record = await call.recorded(3, within_s=max(0.1, answer.last_sound_at_s + WITHIN_S - time.monotonic()))
    assert [turn.number for turn in record.turns] == [1, 2, 3]
    # Each for itself: a question that waited for the end of its answer was there in time for the answer only.
    assert max(await waited_s(call)) < WITHIN_S


async def waited_s(call: TestCall) -> list[float]:
    """How long after its end each turn was written, by the clocks of worker and database: here they are one."""
    async with call.center.db.as_service() as connection:
        rows = await (
            await connection.execute(
                """select extract(epoch from recorded_at - ended_at)::float8 as waited_s
                     from call_turns where call_id = %s order by number""",
                [call.reservation.call_id],
            )
        ).fetchall()
    return [row["waited_s"] for row in rows]


async def test_kill_9_of_the_job_loses_at_most_the_turn_in_flight(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await call.ask("How do I reset my password?")
        asked_at_s = await call.caller.microphone.say(spoken("How do I change my email address?"))
        await call.caller.ear.first_sound(asked_at_s, 10)
        before = time.monotonic()
        for process in call_center.worker.holders_of_calls():
            process.kill()
        record = await call.recorded(4, within_s=WITHIN_S)
    assert time.monotonic() - before < WITHIN_S
    assert [turn.number for turn in record.turns] == [1, 2, 3, 4]
    assert [turn.speaker for turn in record.turns] == ["assistant", "caller", "assistant", "caller"]
