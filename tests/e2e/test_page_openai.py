"""A whole spoken call on a scripted OpenAI in Chromium: what the page showed and sounded, and what OpenAI was asked.

`web/e2e/openai/call.spec.ts` is the caller; what is said on both sides is in `conversation.json` beside it.
"""

import asyncio
import json
from pathlib import Path

import pytest
from tests.support.demo_on_openai import local_ear
from tests.support.openai import BROKEN, ScriptedOpenAI, brisk, call, reply, serving_openai
from tests.support.openai.received import Prompt
from tests.support.openai.script import Reply
from tests.support.openai.sound import duration_ms
from tests.support.page import E2E, SPEC_WITHIN_S, run_spec
from tests.support.page_in_mode import page_in_mode
from tests.support.stack import RunningStack

from insta_voice.agent.turns.words import TurnWords
from insta_voice.calls import CallDetail, get_call, list_calls
from insta_voice.db import Database
from insta_voice.languages import ENGLISH

SPOKEN = json.loads((E2E / "openai" / "conversation.json").read_text())
MODELS = {"realtime": "gpt-realtime", "pipeline": "gpt-5-mini"}
CALLER = "demo-maya"


def mind(prompt: Prompt) -> Reply:
    """Answers by a word of the question, however often it is asked, and asks again for what it does not know."""
    if (result := prompt.tool_result) is not None:
        if "plan" in result:
            return reply(SPOKEN["account"]["answer"])
        return reply(SPOKEN["goodbye"]["answer"])
    heard = prompt.said.lower()
    if SPOKEN["account"]["heard"] in heard:
        return reply(call("get_user_account_info"))
    # As the app understands it, which ends the call after whatever is answered: "Thank you. Goodbye." is all of one.
    if TurnWords(ENGLISH).says_goodbye(heard):
        about = {"summary": SPOKEN["summary"], "open_question": SPOKEN["open_question"], "solved": False}
        return reply(call("summarize_interaction_for_next_session", **about))
    turns = (turn for turn in SPOKEN.values() if isinstance(turn, dict) and "heard" in turn)
    answers = (turn["answer"] for turn in turns if turn["heard"] in heard)
    return reply(next(answers, SPOKEN["not_understood"]))


@pytest.mark.timeout(SPEC_WITHIN_S + 180)
@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
async def test_a_whole_spoken_call_on_openai(running_stack: RunningStack, mode: str, tmp_path: Path) -> None:
    def voice(text: str) -> bytes:
        """With the greeting of the second call OpenAI stops to answer."""
        if SPOKEN["open_question"] in text:
            openai.fail_always("chat", BROKEN)
            openai.fail_always("response", BROKEN)
        return brisk(text)

    ear = local_ear(running_stack.data_dir)
    async with (
        serving_openai(mind=mind, ear=ear, voice=voice) as openai,
        page_in_mode(running_stack, mode, openai, tmp_path) as url,
    ):
        there = {"INSTA_E2E_URL": url, "INSTA_E2E_MODE": mode, "INSTA_E2E_MODEL": MODELS[mode]}
        await asyncio.to_thread(run_spec, running_stack, "openai/call.spec.ts", **there)
        record = await the_record(running_stack)

    # The app itself speaks with OpenAI's voice, also in the next call, which knows of this one.
    said = [asked["input"] for asked in openai.asked("/audio/speech")]
    assert any("AI assistant" in words for words in said)
    assert any(SPOKEN["open_question"] in words for words in said)

    # The evidence was there before the first word, and the account came through the tool.
    knowledge = the_prompt(openai, "knowledge")
    assert "Forgot password" in knowledge
    assert not any(message.role == "output" for message in knowledge.messages)
    follow_up = the_prompt(openai, "follow_up")
    assert any(message.role == "output" and '"plan": "team"' in message.text for message in follow_up.messages)
    assert SPOKEN["knowledge"]["answer"] in follow_up
    assert SPOKEN["account"]["answer"] in follow_up

    # What was not heard is not known.
    long = SPOKEN["long"]["answer"]
    assert long not in the_prompt(openai, "over_it")
    [cut, *_] = [turn for turn in record.turns if turn.text == long]
    assert cut.interrupted
    assert 0 < len(cut.heard) < len(long)
    if mode == "realtime":
        [truncated, *_] = (await openai.session()).got("conversation.item.truncate")
        assert 0 < truncated["audio_end_ms"] < duration_ms(brisk(long))

    assert (record.summary, record.open_question) == (SPOKEN["summary"], SPOKEN["open_question"])
    assert {turn.mind for turn in record.turns if turn.kind == "answer"} == {MODELS[mode]}


def the_prompt(openai: ScriptedOpenAI, turn: str) -> Prompt:
    """All that the model had before its first word of this turn."""
    return next(prompt for prompt in openai.prompts if SPOKEN[turn]["heard"] in prompt.said.lower())


async def the_record(stack: RunningStack) -> CallDetail:
    """Of the caller's last call but one."""
    async with Database(stack.up["database_url"]) as db:
        [_, entry, *_] = await list_calls(db, CALLER)
        return await get_call(db, CALLER, entry.call_id)
