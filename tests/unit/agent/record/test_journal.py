"""From what happens in a session to turns of the record."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, found, journal_into, passage

from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.reply import Reply


async def test_a_callers_turn_begins_when_they_begin_to_speak() -> None:
    notes = Notes()
    journal, recorder = journal_into(notes, Page())
    writing = asyncio.create_task(recorder.run())
    journal.caller_said("How?", kind="question", timings_ms={"endpointing_ms": 400.0, "speech_ms": 1600.0})
    journal.caller_said("And why?", kind="typed")
    now = datetime.now(UTC)
    assert await recorder.flush(1)
    writing.cancel()
    spoken, typed = notes.turns
    assert spoken.ended_at - spoken.started_at >= timedelta(seconds=2)
    assert now - typed.started_at < timedelta(seconds=1)


async def _reply(journal: Journal, *, words: str, heard: str, interrupted: bool) -> Reply:
    """A reply from its first words to the end of its speech."""
    done: list[Reply] = []
    journal.on_reply_done = done.append
    handle = SpeechHandle.create()
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=handle)
    journal.speech_created(event)
    reply = journal.reply
    assert reply is not None
    reply.question = "How do I reset my password?"
    if words:
        await journal.words_begin(reply)
        reply.add(words)
    if heard:
        handle._item_added([llm.ChatMessage(role="assistant", content=[heard])])
    if interrupted:
        handle.interrupt()
    handle._mark_done()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert done == [reply]
    return reply


@pytest.mark.parametrize(
    ("words", "heard", "interrupted", "answered"),
    [
        ("Open the page.", "Open the page.", False, True),
        ("Open the page.", "Open", True, True),
        ("Open the page.", "", True, False),
        ("", "", True, False),
    ],
)
async def test_only_what_was_heard_can_be_followed_up(
    words: str, heard: str, interrupted: bool, answered: bool
) -> None:
    journal, _ = journal_into(Notes(), Page())
    reply = await _reply(journal, words=words, heard=heard, interrupted=interrupted)
    assert reply.answered is answered


async def test_an_answer_under_way_when_the_call_ends_keeps_its_words() -> None:
    notes = Notes()
    journal, recorder = journal_into(notes, Page())
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=SpeechHandle.create())
    journal.speech_created(event)
    assert journal.reply is not None
    await journal.words_begin(journal.reply)
    journal.reply.add("Open the page, ")
    journal.reply.add("and ")
    writing = asyncio.create_task(recorder.run())
    assert await recorder.flush(1)
    writing.cancel()
    [turn] = notes.turns
    assert (turn.text, turn.heard, turn.interrupted) == ("Open the page, and", "", True)


async def test_an_apology_is_no_answer() -> None:
    journal, _ = journal_into(Notes(), Page())
    reply = await _reply(journal, words="Sorry.", heard="Sorry.", interrupted=False)
    reply.kind = "apology"
    assert not reply.answered


async def test_a_realtime_answer_has_its_number_and_its_sources_before_it_is_over() -> None:
    notes, page = Notes(), Page()
    journal, recorder = journal_into(notes, page)
    journal.realtime_model = "a-realtime-model"
    journal.caller_said("How do I sign in?", kind="question")
    handle = SpeechHandle.create()
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=handle)
    journal.speech_created(event)
    await journal.consulted(found("How do I sign in?", passage()))
    assert page.sent == [("sources", {"turn": 2, "quotes": ["Open the sign-in page."]})]
    handle._item_added([llm.ChatMessage(role="assistant", content=["Open the sign-in page."])])
    handle._mark_done()
    writing = asyncio.create_task(recorder.run())
    await asyncio.sleep(0)
    assert await recorder.flush(1)
    writing.cancel()
    answer = notes.turns[-1]
    assert (answer.mind, answer.kind, answer.heard) == ("a-realtime-model", "answer", "Open the sign-in page.")
    assert [source.quote for source in answer.sources] == ["Open the sign-in page."]


async def test_a_realtime_answer_begins_with_its_first_sound() -> None:
    journal, _ = journal_into(Notes(), Page())
    journal.realtime_model = "a-realtime-model"
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=SpeechHandle.create())
    journal.speech_created(event)
    assert journal.reply is not None
    assert journal.reply.turn is None
    journal.audible(SpeechHandle.create())
    assert journal.reply.turn is None, "what sounds is something else"
    journal.audible(event.speech_handle)
    assert journal.reply.turn is not None
    assert journal.reply.turn.mind == "a-realtime-model"
