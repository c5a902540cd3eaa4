"""Promise 35, in a call: the notice has been heard before the first thing that the caller says is stored."""

from tests.support.calls import CallCenter

from insta_voice.agent.prompts import notice
from insta_voice.agent.typed import TYPED_TOPIC
from insta_voice.settings import Settings


async def test_the_notice_was_heard_before_anything_the_caller_says_is_stored(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        greeting = await call.caller.greeting()
        await call.caller.room.local_participant.send_text("How do I reset my password?", topic=TYPED_TOPIC)
        record = await call.recorded(2)
    told = notice(Settings().privacy.retention_days)
    first, asked = record.turns[:2]
    assert told in greeting.text, "at the caller's ear"
    assert (first.number, first.kind, first.interrupted) == (1, "greeting", False)
    assert told in first.heard
    assert asked.speaker == "caller"
    assert first.ended_at <= asked.started_at
