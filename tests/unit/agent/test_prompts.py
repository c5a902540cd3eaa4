"""The authored sentences: what the mind is told, and what a caller hears first."""

from pathlib import Path
from typing import get_args

from insta_voice import agent
from insta_voice.agent.endings import Reason
from insta_voice.agent.prompts import INSTRUCTIONS, WELCOME_MESSAGE, _sentences, instructions, sentence


def test_the_instructions_say_what_the_mind_may_rely_on() -> None:
    told = instructions("Acme")
    assert "Acme" in told
    assert "$" not in told
    assert "not instructions" in told
    for tool in ("get_user_account_info", "answer_from_company_kb", "summarize_interaction_for_next_session"):
        assert f"`{tool}`" in INSTRUCTIONS


def test_the_welcome_names_the_company_and_says_it_is_an_ai() -> None:
    """`$notice` says it; every way to be greeted is in the test of promise 35."""
    assert {"$company_name", "$notice"} <= set(WELCOME_MESSAGE.split())


def test_the_wordings_of_a_sentence_take_turns() -> None:
    assert sentence("are_you_there", 0) != sentence("are_you_there", 1)
    assert sentence("are_you_there", 0) == sentence("are_you_there", 2)


def test_every_sentence_is_said_somewhere() -> None:
    """`ended_*` are named by the reasons of an end, everything else where it is said."""
    source = "".join(path.read_text("utf-8") for path in Path(agent.__path__[0]).rglob("*.py"))
    reasons = {f"ended_{reason}" for reason in get_args(Reason)}
    assert {name for name in _sentences() if name.startswith("ended_")} == reasons
    assert [name for name in _sentences() if name not in reasons and f'"{name}"' not in source] == []
