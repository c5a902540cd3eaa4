"""What is wrong with the company's settings stops the start, in a sentence."""

import pytest
from tests.support.settings import complete_settings

from insta_voice.auth.safety import refuse_unsafe
from insta_voice.company import greeting_reasons, page_reasons
from insta_voice.errors import ConfigurationError


def reasons(**variables: str | None) -> list[str]:
    settings = complete_settings(**variables)
    return [*page_reasons(settings), *greeting_reasons(settings)]


def test_a_company_of_its_own_starts() -> None:
    assert reasons() == []
    assert reasons(WELCOME_MESSAGE="Hello $name.", COMPANY_ACCENT="#0a6ebd", COMPANY_LOGO="https://acme.example/l.png",
                   COMPANY_PRIVACY_URL="https://acme.example/privacy") == []  # fmt: skip


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WELCOME_MESSAGE", "Hello $nmae."),
        ("COMPANY_ACCENT", "blue"),
        ("COMPANY_LOGO", "/nowhere/logo.png"),
        ("COMPANY_LOGO", "http://acme.example/logo.png"),
        ("COMPANY_PRIVACY_URL", "javascript:alert(1)"),
        ("COMPANY_PRIVACY_URL", "acme.example/privacy"),
        ("COMPANY_NAME", "A" * 81),
        ("COMPANY_NAME", " "),
    ],
)
def test_one_wrong_setting_is_one_sentence_that_names_it(variable: str, value: str) -> None:
    (reason,) = reasons(**{variable: value})
    assert reason.startswith(variable)
    assert reason.endswith(".")
    with pytest.raises(ConfigurationError, match=variable):
        refuse_unsafe(complete_settings(**{variable: value}))


def test_the_demo_company_answers_nobody_in_production() -> None:
    (reason,) = reasons(COMPANY_NAME=None, SUPPORT_CONTACT=None)
    assert reason.startswith("COMPANY_NAME is the demo's")
    assert reasons(COMPANY_NAME=None, SUPPORT_CONTACT=None, INSTA_ENV="development") == []


@pytest.mark.parametrize("env", ["development", "production"])
def test_nobody_is_sent_to_the_demo_companys_address_by_another(env: str) -> None:
    (reason,) = reasons(SUPPORT_CONTACT=None, INSTA_ENV=env)
    assert reason.startswith("SUPPORT_CONTACT is the demo's")
