"""Promise 35: the caller is told that this is an AI, and what is kept, before anything they say is stored."""

from datetime import UTC, datetime

import pytest
from tests.support.minds import call_state
from tests.support.settings import settings_from

from insta_voice.agent.speech.greeting import welcome_text
from insta_voice.customers import Profile, Summary

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTICE = "I am an AI assistant, and calls are kept as text for 90 days."
MAYA = Profile("maya", "maya@acme.example", "Maya Lindholm", "team", "customer", {}, False, NOW, True)
NOBODY_KNOWN = Profile("anon", None, None, "free", "customer", {}, False, NOW, True)
SOLVED = Summary(None, "Asked about seats.", ("seats",), None, True, NOW)
OPEN = Summary(None, "Asked about export.", ("export",), "How do I export everything", False, NOW)

CALLERS = {
    "a stranger": (None, None),
    "somebody without a name": (NOBODY_KNOWN, None),
    "somebody new": (MAYA, None),
    "somebody who was here before": (MAYA, SOLVED),
    "somebody whose question stayed open": (MAYA, OPEN),
    "somebody without a name whose question stayed open": (NOBODY_KNOWN, OPEN),
}
MESSAGES = {
    "ours": None,
    "theirs, without it": "Welcome to the Acme line.",
    "theirs, with it": "Hi $name. $notice This is $company_name.",
    "theirs, which ends in a question": "Acme here. What can I do for you?",
}


def greeting(profile: Profile | None, summary: Summary | None, **variables: str) -> str:
    state = call_state(profile=profile, last_summary=summary)
    state.settings = settings_from({"COMPANY_NAME": "Acme", "SUPPORT_CONTACT": "help@acme.example", **variables})
    return welcome_text(state, resumed=False)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
@pytest.mark.parametrize(("profile", "summary"), CALLERS.values(), ids=CALLERS.keys())
def test_every_greeting_tells_it_once(profile: Profile | None, summary: Summary | None, message: str | None) -> None:
    heard = greeting(profile, summary, **({"WELCOME_MESSAGE": message} if message else {}))
    assert heard.count(NOTICE) == 1
    assert "Acme" in heard
    assert "$" not in heard
    assert "  " not in heard
    if summary is OPEN:
        assert "How do I export everything." in heard


@pytest.mark.parametrize(("days", "kept"), [("0", "text."), ("1", "text for one day."), ("30", "text for 30 days.")])
def test_it_tells_what_is_really_done(days: str, kept: str) -> None:
    assert f"calls are kept as {kept} " in greeting(MAYA, None, RETENTION_DAYS=days)


def test_the_companys_own_words_are_kept() -> None:
    heard = greeting(MAYA, None, WELCOME_MESSAGE="Hi $name, Acme here. What can I do for you?")
    assert heard == f"Hi Maya, Acme here. {NOTICE} What can I do for you?"
    assert greeting(MAYA, OPEN, WELCOME_MESSAGE="Hi. $notice").startswith(f"Hi. {NOTICE} Last time we could not settle")
