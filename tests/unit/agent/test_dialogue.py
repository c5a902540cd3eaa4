"""A call in words: without ears and a voice it is held in writing, by the parts that a spoken one has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import llm
from tests.support.minds import Notes, ScriptedMind, call_state, found, passage
from tests.support.openai import serving_openai, to
from tests.support.openai.plugins import plugins
from tests.support.settings import complete_settings

from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.minds import build_minds
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn
from insta_voice.knowledge import Choice, Context, Evidence

QUESTION = "How do I reset my password?"


@asynccontextmanager
async def in_writing(
    model: llm.LLM[Any] | llm.RealtimeModel | None, state: CallState
) -> AsyncIterator[tuple[Dialogue, Notes]]:
    notes = Notes()
    recorder = Recorder(notes.write, next_number=1)
    minds = build_minds(complete_settings(), model, can_deliver_tickets=True)
    dialogue = Dialogue(state, minds, recorder, RoomChannel(rtc.Room()))
    writing = asyncio.create_task(recorder.run())
    await dialogue.session.start(dialogue.assistant, record=False)
    try:
        yield dialogue, notes
    finally:
        await dialogue.session.aclose()
        writing.cancel()


async def said(dialogue: Dialogue, notes: Notes, text: str) -> Turn:
    """What comes back, as it is written down."""
    done: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    dialogue.on_reply_done = done.set_result
    await dialogue.asking.typed(text)
    async with asyncio.timeout(5):
        await done
        while not notes.turns or notes.turns[-1].speaker != "assistant":
            await notes.more()
    return notes.turns[-1]


async def test_a_question_in_writing_is_answered_and_written_down() -> None:
    async with in_writing(None, call_state()) as (dialogue, notes):
        answer = await said(dialogue, notes, QUESTION)
    assert [(turn.number, turn.speaker, turn.kind) for turn in notes.turns] == [
        (1, "caller", "typed"),
        (2, "assistant", answer.kind),
    ]
    assert (answer.mind, answer.heard, answer.interrupted) == ("grounded", answer.text, False)
    assert answer.heard


async def test_a_realtime_model_answers_in_writing_from_the_evidence() -> None:
    async with (
        serving_openai(to("password", "Open the sign-in page.")) as openai,
        plugins(openai, "realtime") as providers,
    ):
        async with in_writing(providers.realtime, call_state()) as (dialogue, notes):
            answer = await said(dialogue, notes, QUESTION)
        assert "Open the sign-in page." in openai.prompts[0].instructions
    assert (answer.heard, answer.mind) == ("Open the sign-in page.", "gpt-realtime")
    assert [source.title for source in answer.sources] == ["Reset your password"]


async def test_a_follow_up_is_understood_against_what_was_answered() -> None:
    asked: list[Context] = []

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        asked.append(context)
        return found(heard, passage())

    model = ScriptedMind("Open the sign-in page.", "Once.")
    async with in_writing(model, call_state(gather=gather)) as (dialogue, notes):
        await said(dialogue, notes, QUESTION)
        await said(dialogue, notes, "How often?")
    assert [context.last_question for context in asked] == [None, QUESTION]


UNSURE = "How do I change my login?"
CHOICE = Choice(UNSURE, (passage("Enter the new address."), passage("Enter the new one.", "Change your password")))


class Unsure:
    """Articles between which a question has to be decided; keeps the contexts it was searched in."""

    def __init__(self) -> None:
        self.asked: list[Context] = []

    async def gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        self.asked.append(context)
        if context.choice is not None:
            (decided,) = found(UNSURE, context.choice.candidates[1])
            return (replace(decided, query=f"{UNSURE} Change your password", chosen=True),)
        (unsure,) = found(heard, *CHOICE.candidates, answerable=False)
        return (replace(unsure, choice=CHOICE),)


@pytest.mark.parametrize("script", [(), ("Your e-mail or your password?", "Enter it.", "Which of the two?")])
async def test_what_was_asked_back_is_decided_by_the_next_turn_and_by_no_later_one(script: tuple[str, ...]) -> None:
    articles = Unsure()
    mind = ScriptedMind(*script) if script else None
    async with in_writing(mind, call_state(gather=articles.gather)) as (dialogue, notes):
        asked_back = await said(dialogue, notes, UNSURE)
        answer = await said(dialogue, notes, "The second one.")
        await said(dialogue, notes, "And how do I change the other one?")
    assert [context.choice for context in articles.asked] == [None, CHOICE, None]
    assert (asked_back.kind, asked_back.sources) == ("clarify", ())
    assert (answer.kind, [source.title for source in answer.sources]) == ("answer", ["Change your password"])
    assert [(search.question, search.answerable) for search in answer.searches] == [(UNSURE, True)]
    assert articles.asked[2].last_question == f"{UNSURE} Change your password"


async def test_a_model_that_was_told_to_ask_back_and_did_not_has_left_it_open() -> None:
    articles, mind = Unsure(), ScriptedMind("I do not know.", "Hm.")
    async with in_writing(mind, call_state(gather=articles.gather)) as (dialogue, notes):
        refused = await said(dialogue, notes, UNSURE)
        await said(dialogue, notes, "The second one.")
    assert refused.kind == "unknown"
    assert [context.choice for context in articles.asked] == [None, None]


async def test_what_is_no_choice_can_hang_on_the_question_that_was_asked_back() -> None:
    articles = Unsure()
    async with in_writing(None, call_state(gather=articles.gather)) as (dialogue, notes):
        await said(dialogue, notes, UNSURE)
        await said(dialogue, notes, "For the whole team.")
    assert [context.last_question for context in articles.asked] == [None, UNSURE]


async def test_a_realtime_model_is_told_to_ask_back_and_its_question_is_no_answer() -> None:
    articles = Unsure()
    async with (
        serving_openai(to("login", "Your e-mail or your password?")) as openai,
        plugins(openai, "realtime") as providers,
    ):
        async with in_writing(providers.realtime, call_state(gather=articles.gather)) as (dialogue, notes):
            asked_back = await said(dialogue, notes, UNSURE)
        assert "which of the two they mean" in openai.prompts[0].instructions
    assert (asked_back.kind, asked_back.sources) == ("clarify", ())
