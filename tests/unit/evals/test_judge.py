"""A language model's opinion of a conversation is read as it is given."""

import json

import pytest
from tests.support.held_conversations import QUESTION, answered, held
from tests.support.openai import BROKEN, ScriptedOpenAI, serving_openai
from tests.support.openai.plugins import trusting
from tests.support.openai.script import Line
from tests.support.settings import complete_settings
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.errors import ConfigurationError
from insta_voice.evals.held import NoOpinion, Opinion
from insta_voice.evals.judge import build_judge

HELD = held(answered("Choose Forgot password.", "Reset your password"), {"says": ["link"]})
THOUGHT = {"helpful": 2, "kind": 4, "spoken": 5, "why": "The link was not named."}


async def asked(*lines: Line, fails: bool = False) -> tuple[Opinion | NoOpinion, ScriptedOpenAI]:
    async with serving_openai(*lines) as openai:
        if fails:
            openai.fail_always("chat", BROKEN)
        with trusting():
            made = build_judge(complete_settings(**openai.settings), "gpt-5")
        async with made as judge:
            return await judge.opinion(HELD), openai


@pytest.mark.parametrize("form", ["{}", "```json\n{}\n```", "My opinion: {}"])
@on_virtual_clock
async def test_its_opinion_is_read(form: str) -> None:
    opinion, openai = await asked(form.replace("{}", json.dumps(THOUGHT)))
    assert opinion == Opinion(**THOUGHT)
    [prompt] = openai.prompts
    assert prompt.body["model"] == "gpt-5"
    assert QUESTION in prompt.said
    assert "Choose Forgot password." in prompt.said
    assert "Reset your password" in prompt.said


@pytest.mark.parametrize("said", ["Very good!", "{}", json.dumps({**THOUGHT, "kind": 6}), '{"helpful": "all"'])
@on_virtual_clock
async def test_what_is_no_opinion_is_said_to_be_none(said: str) -> None:
    assert (await asked(said))[0] == NoOpinion("the judge's answer was not an opinion")


@on_virtual_clock
async def test_a_judge_that_is_away_stops_no_run() -> None:
    opinion, openai = await asked(fails=True)
    assert isinstance(opinion, NoOpinion)
    assert "did not answer" in opinion.why
    assert len(openai.asked("/chat/completions")) == 1, "each try may be paid for"


def test_without_a_server_it_is_said_what_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        build_judge(complete_settings(), "gpt-5")
