"""A call from end to end: joins, hears the greeting, asks aloud, hears the answer, and finds it in the record, with the
time it took to the caller's ear (promise 40).
"""

from tests.support.calls import CallCenter

SLOWEST_MS = 2_500  # a turn over this is a defect


async def test_a_spoken_question_gets_a_spoken_answer_with_its_source(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        greeting = await call.caller.greeting()
        answer = await call.ask("How do I reset my password?")
        record = await call.recorded(3)
    assert "AI assistant" in greeting.text
    assert "password" in answer.understood.lower()
    assert {source["title"] for source in answer.sources} == {"Reset your password"}
    assert answer.voice_to_voice_ms < SLOWEST_MS
    asked, answered = record.turns[1:]
    assert (asked.speaker, asked.text) == ("caller", answer.understood)
    assert (answered.speaker, answered.mind, answered.interrupted) == ("assistant", "grounded", False)
    assert answered.heard == answered.text == answer.text.strip()
    assert [source.quote for source in answered.sources] == [source["quote"] for source in answer.sources]
    assert {"endpointing_ms", "recognition_ms", "retrieval_ms", "mind_ms", "first_audio_ms"} <= set(answered.timings_ms)
    assert answered.timings_ms["heard_ms"] >= answered.timings_ms["first_audio_ms"]
    assert (await call.closed()).end_reason == "caller_left"
