"""What happens between question and answer: typed turns, interruptions, backchannels, follow-ups."""

from tests.support.calls import CallCenter, TestCall, spoken

# Who speaks within half a second of an answer has not heard it: they go on with their question (turns/last_turn.py).
HEARD_S = 1.0


async def in_the_answer(call: TestCall, question: str) -> None:
    """Ask, and wait until some of the answer is heard."""
    asked_at_s = await call.caller.microphone.say(spoken(question))
    begins_s = await call.caller.ear.first_sound(asked_at_s, 10)
    await call.caller.ear.first_sound(begins_s + HEARD_S, 10)


async def test_a_typed_question_is_a_turn_like_any_other(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        answer = await call.caller.type("How do I change my email address?")
        record = await call.recorded(3)
    assert any("email" in source["title"].lower() for source in answer.sources)
    assert (record.turns[1].kind, record.turns[1].text) == ("typed", "How do I change my email address?")
    assert record.turns[2].sources


async def test_words_over_the_answer_silence_it_and_the_record_says_what_was_heard(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await in_the_answer(call, "How do I reset my password?")
        answer = await call.ask("Wait, how do I change my email address?")
        record = await call.recorded(5)
    cut, asked, answered = record.turns[2:5]
    assert cut.interrupted
    assert cut.text.startswith(cut.heard.rstrip())
    assert 0 < len(cut.heard) < len(cut.text)
    assert "email" in asked.text
    assert answered.sources
    assert any("email" in source["title"].lower() for source in answer.sources)


async def test_a_hum_does_not_stop_the_answer(call_center: CallCenter) -> None:
    async with call_center.call() as call:
        await call.caller.greeting()
        await in_the_answer(call, "How do I reset my password?")
        await call.caller.microphone.say(spoken("okay"))
        record = await call.recorded(3, within_s=60)  # the answer is heard to its end before that
    assert [turn.interrupted for turn in record.turns] == [False] * 3, [turn.text for turn in record.turns]
    assert record.turns[2].heard == record.turns[2].text
