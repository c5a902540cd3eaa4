"""What is wrong with an account endpoint's settings stops the start, in a sentence."""

import pytest
from tests.support.settings import complete_settings

from insta_voice.outgoing import outgoing_reasons

GOOD = {"ACCOUNT_URL": "https://acme.example/account", "ACCOUNT_SECRET": "s3cret", "ACCOUNT_FIELDS": "plan"}


def test_a_whole_endpoint_and_none_at_all_are_fine() -> None:
    assert list(outgoing_reasons(complete_settings(**GOOD))) == []
    assert list(outgoing_reasons(complete_settings())) == []
    inside = {**GOOD, "ACCOUNT_URL": "http://accounts.internal/", "ACCOUNT_ALLOW_PRIVATE": "true"}
    assert list(outgoing_reasons(complete_settings(**inside))) == []
    here = {**GOOD, "ACCOUNT_URL": "http://localhost:9000/", "INSTA_ENV": "development"}
    assert list(outgoing_reasons(complete_settings(**here))) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ACCOUNT_SECRET": None}, "ACCOUNT_SECRET is not set"),
        ({"ACCOUNT_FIELDS": None}, "ACCOUNT_FIELDS is not set"),
        ({"ACCOUNT_URL": "acme.example/account"}, "ACCOUNT_URL is no web address"),
        ({"ACCOUNT_URL": "file:///etc/passwd"}, "ACCOUNT_URL is no web address"),
        ({"ACCOUNT_URL": "http://acme.example/account"}, "ACCOUNT_URL is http"),
    ],
)
def test_one_wrong_setting_is_one_sentence(change: dict[str, str | None], named: str) -> None:
    (reason,) = outgoing_reasons(complete_settings(**{**GOOD, **change}))
    assert reason.startswith(named)
