"""The company's own greeting: filled in, and never without the notice."""

from pathlib import Path

import pytest

from insta_voice.agent.prompts import notice
from insta_voice.company import own_welcome
from insta_voice.company.welcome import MAX_WELCOME_CHARS, check_welcome
from insta_voice.errors import ConfigurationError
from insta_voice.settings import CompanySettings

NOTICE = notice(90)


def said(template: str, name: str = "Maya") -> str:
    return own_welcome(template, company_name="Acme", name=name, notice=NOTICE, support_contact="help@acme.example")


def test_the_notice_tells_what_is_kept() -> None:
    assert NOTICE == "I am an AI assistant, and calls are kept as text for 90 days."
    assert notice(1).endswith("for one day.")
    assert notice(0) == "I am an AI assistant, and calls are kept as text."


def test_the_variables_are_filled_in() -> None:
    assert said("Hi $name, $company_name here. $notice Go ahead.") == f"Hi Maya, Acme here. {NOTICE} Go ahead."
    assert said("Or write to ${support_contact}. $notice").startswith("Or write to help@acme.example.")


def test_a_name_nobody_knows_leaves_no_gap() -> None:
    assert said("Hello $name, welcome. $notice", name="") == f"Hello, welcome. {NOTICE}"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Welcome to Acme.", f"Welcome to Acme. {NOTICE}"),
        ("Welcome to Acme. How can I help?", f"Welcome to Acme. {NOTICE} How can I help?"),
        ("How can I help?", f"How can I help? {NOTICE}"),
        ("Pay $$notice here.", f"Pay $notice here. {NOTICE}"),
    ],
)
def test_the_notice_is_said_even_if_the_message_forgets_it(template: str, text: str) -> None:
    assert said(template) == text


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("Hello $nmae", r"WELCOME_MESSAGE names \$nmae, which nobody fills in. There are \$company_name"),
        ("It costs $5", r"dollar sign"),
        ("a" * (MAX_WELCOME_CHARS + 1), "601 characters"),
    ],
)
def test_what_cannot_be_filled_in_is_said_at_start(template: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        check_welcome(template)


def test_a_file_of_settings_keeps_the_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("WELCOME_MESSAGE=Hello $name, this is $company_name.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WELCOME_MESSAGE", raising=False)
    message = CompanySettings().welcome_message
    assert message is not None
    assert message.startswith("Hello $name, this is $company_name.")
