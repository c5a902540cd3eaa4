"""From what happens in a session to turns of the record."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, found, journal_into, passage

from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.turns.meaning import Saying
from insta_voice.knowledge import Choice, Evidence


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


async def _reply(
    journal: Journal,
    *,
    words: str,
    heard: str,
    interrupted: bool,
    question: str = "How do I reset my password?",
    evidence: tuple[Evidence, ...] = (),
) -> Reply:
    """A reply from its first words to the end of its speech."""
    done: list[Reply] = []
    journal.on_reply_done = done.append
    handle = SpeechHandle.create()
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=handle)
    journal.speech_created(event)
    reply = journal.reply
    assert reply is not None
    reply.question = question
    reply.searched(evidence)
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


GOODBYE = "That was all, thank you. Goodbye."


@pytest.mark.parametrize(
    ("question", "words", "heard", "interrupted", "over"),
    [
        (GOODBYE, "Goodbye.", "Goodbye.", False, True),
        (GOODBYE, "Goodbye, and thank you.", "Goodbye,", True, False),
        (GOODBYE, "Goodbye.", "", False, False),
        (GOODBYE, "", "", False, False),
        ("How do I reset my password?", "Goodbye.", "Goodbye.", False, False),
    ],
)
async def test_a_call_is_over_with_the_answer_to_a_goodbye_once_that_is_heard(
    question: str, words: str, heard: str, interrupted: bool, over: bool
) -> None:
    journal, _ = journal_into(Notes(), Page())
    reply = await _reply(journal, words=words, heard=heard, interrupted=interrupted, question=question)
    assert reply.said_goodbye is over


async def test_it_is_not_over_when_only_an_apology_was_heard() -> None:
    journal, _ = journal_into(Notes(), Page())
    journal.voice_away = "My voice is away."
    reply = await _reply(journal, words="Goodbye.", heard="My voice is away.", interrupted=False, question=GOODBYE)
    assert (reply.kind, reply.said_goodbye) == ("goodbye", False)


async def test_it_is_not_over_while_something_is_to_be_taken_back() -> None:
    journal, _ = journal_into(Notes(), Page())
    journal.realtime_model = "gpt-realtime"
    journal.check_heard = lambda reply, heard: ("You are refunded.",)
    said = "You are refunded. Goodbye."
    reply = await _reply(journal, words=said, heard=said, interrupted=False, question=GOODBYE)
    assert (reply.kind, reply.said_goodbye) == ("goodbye", False)


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


async def test_what_is_being_said_is_known_and_whether_it_asks() -> None:
    """ "Okay" is a reply to a question of the mind; the app's greeting asks in general."""
    journal, _ = journal_into(Notes(), Page())
    greets, answers = SpeechHandle.create(), SpeechHandle.create()
    assert journal.saying(None) == Saying()
    journal.app_says(greets, kind="greeting", text="How can I help?")
    assert journal.saying(greets) == Saying("How can I help?")
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=answers)
    journal.speech_created(event)
    assert journal.reply is not None
    await journal.words_begin(journal.reply)
    journal.reply.add("I did not find that. ")
    assert journal.saying(answers) == Saying("I did not find that. ")
    journal.reply.add("Shall I open a ticket? ")
    assert journal.saying(answers) == Saying("I did not find that. Shall I open a ticket? ", asks=True)
    assert journal.saying(greets) == Saying("How can I help?"), "it is said into the wait for the answer"


async def test_an_apology_is_no_answer() -> None:
    journal, _ = journal_into(Notes(), Page())
    reply = await _reply(journal, words="Sorry.", heard="Sorry.", interrupted=False)
    reply.kind = "apology"
    assert not reply.answered


TWO = Choice("How do I change it?", (passage(), passage("Enter the new one.", "Change your password")))


@pytest.mark.parametrize(
    ("kind", "choice", "settles"),
    [
        ("clarify", TWO, True), ("answer", None, True), ("unknown", None, True), ("goodbye", None, True),
        ("clarify", None, False), ("repeat", None, False), ("apology", None, False),
    ],
)  # fmt: skip
async def test_what_is_said_between_a_choice_and_its_reply_leaves_it_open(
    kind: str, choice: Choice | None, settles: bool
) -> None:
    journal, _ = journal_into(Notes(), Page())
    reply = await _reply(journal, words="One moment.", heard="One moment.", interrupted=False)
    reply.kind, reply.choice = kind, choice
    assert reply.settles_choice is settles


async def test_a_choice_that_the_voice_kept_from_the_caller_is_not_open() -> None:
    journal, _ = journal_into(Notes(), Page())
    journal.voice_away = "My voice is away."
    reply = await _reply(journal, words="This or that?", heard="My voice is away.", interrupted=False)
    reply.kind, reply.choice = "clarify", TWO
    assert not reply.settles_choice


async def test_a_question_back_that_a_tool_calls_for_begins_with_its_words() -> None:
    page = Page()
    journal, _ = journal_into(Notes(), page)
    journal.realtime_model = "a-realtime-model"
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=SpeechHandle.create())
    journal.speech_created(event)
    (one,) = found("How do I change it?", passage())
    await journal.consulted((replace(one, choice=TWO),))
    assert journal.reply is not None
    assert (journal.reply.turn, journal.reply.choice, page.sent) == (None, TWO, [])


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


SHOES, RINGS = "Do you sell shoes?", "Do you sell rings?"


def _asked(*evidence: tuple[Evidence, ...]) -> list[str]:
    """The questions that a reply keeps of several searches, one after the other."""
    reply = Reply(SpeechHandle.create(), 0.0)
    for found_then in evidence:
        reply.searched(found_then)
    return [search.question for search in reply.searches]


def test_an_answer_keeps_what_the_articles_were_asked_for_it() -> None:
    in_vain, answered = found(SHOES, answerable=False), found(RINGS, passage())
    assert _asked(in_vain + answered) == [SHOES, RINGS]
    assert _asked(in_vain, in_vain) == [SHOES], "its own search, asked for again"
    assert _asked(in_vain, found("footwear", answerable=False)) == [SHOES], "a tool asks in words of its own"
    assert _asked((), in_vain) == [SHOES], "a tool is the first to ask"


def test_what_a_tool_finds_in_words_of_its_own_answers_what_was_asked_before() -> None:
    in_vain, answered = found(SHOES, answerable=False), found("footwear", passage())
    assert _asked(in_vain, answered) == ["footwear"]
    assert _asked(in_vain, answered, in_vain) == ["footwear"]


@pytest.mark.parametrize(
    ("words", "choice", "kept"),
    [("This or that?", TWO, [TWO.question]), ("Good to hear.", TWO, []), ("Is it?", None, [])],
)
async def test_of_what_was_no_question_the_record_keeps_a_search_only_where_it_is_asked_back(
    words: str, choice: Choice | None, kept: list[str]
) -> None:
    notes = Notes()
    journal, recorder = journal_into(notes, Page())
    (searched,) = found(TWO.question, answerable=False)
    evidence = (replace(searched, choice=choice),)
    writing = asyncio.create_task(recorder.run())
    await _reply(journal, words=words, heard=words, interrupted=False, question="I like it.", evidence=evidence)
    assert await recorder.flush(1)
    writing.cancel()
    [turn] = notes.turns
    assert (turn.kind, [search.question for search in turn.searches]) == ("clarify", kept)


async def test_a_tool_that_finds_nothing_shows_nothing_and_is_kept() -> None:
    page = Page()
    journal, _ = journal_into(Notes(), page)
    journal.realtime_model = "a-realtime-model"
    event: Any = SimpleNamespace(source="generate_reply", speech_handle=SpeechHandle.create())
    journal.speech_created(event)
    await journal.consulted(found(SHOES, passage(), answerable=False))
    assert journal.reply is not None
    assert (journal.reply.turn, page.sent) == (None, [])
    assert [search.question for search in journal.reply.searches] == [SHOES]
