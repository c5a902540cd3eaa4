"""The authored sentences: what the mind is told, and what a caller hears first."""

import ast
from pathlib import Path
from string import Template
from typing import get_args

import pytest

from insta_voice import agent
from insta_voice.agent.endings import Reason
from insta_voice.agent.prompts import INSTRUCTIONS, WELCOME_MESSAGE, _blocks, _sentences, instructions, sentence
from insta_voice.languages import ENGLISH, LANGUAGES, Language


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
    authored = {*_sentences(ENGLISH), *_blocks("told.md")}
    assert {name for name in authored if name.startswith("ended_")} == reasons
    assert [name for name in authored if name not in reasons and f'"{name}"' not in source] == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_variables(language: Language) -> None:
    ours, english = _sentences(language), _sentences(ENGLISH)
    assert ours.keys() == english.keys()
    for name, wordings in ours.items():
        assert len(wordings) == len(english[name]), name
        for wording, theirs in zip(wordings, english[name], strict=True):
            assert sorted(Template(wording).get_identifiers()) == sorted(Template(theirs).get_identifiers()), name


def test_no_language_borrows_anothers_sentence() -> None:
    said = [wording for language in LANGUAGES.values() for block in _sentences(language).values() for wording in block]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_a_mind_is_told_which_language_it_speaks(language: Language) -> None:
    told = instructions("Acme", language=language)
    assert [other.name for other in LANGUAGES.values() if other.name in told] == [language.name]


def test_no_sentence_is_said_without_its_callers_language() -> None:
    """Without one it would be English, which is for tests."""
    here = Path(agent.__path__[0])
    files = [path for path in here.rglob("*.py") if "responder" not in path.relative_to(here).parts]
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    english = [
        ast.unparse(call)
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("sentence", "variants", "notice", "instructions")
        and "language" not in {word.arg for word in call.keywords}
    ]
    assert english == []
