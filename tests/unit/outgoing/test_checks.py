"""What is wrong with where tickets go, or with an account endpoint's settings, stops the start, in a sentence."""

import pytest
from tests.support.settings import complete_settings

from insta_voice.calls import can_deliver
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


MAIL = {
    "TICKET_SMTP_URL": "smtp://mail.example",
    "TICKET_EMAIL_FROM": "voice@a.b",
    "TICKET_EMAIL_TO": "Desk <desk@a.b>",
}


def test_whole_ways_for_tickets_are_fine() -> None:
    hook = {"TICKET_WEBHOOK_URL": "https://desk.example/tickets", "TICKET_WEBHOOK_SECRET": "s3cret"}
    assert list(outgoing_reasons(complete_settings(**MAIL, **hook))) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TICKET_WEBHOOK_URL": "desk.example/tickets"}, "TICKET_WEBHOOK_URL is no web address"),
        ({"TICKET_WEBHOOK_URL": "https:///tickets"}, "TICKET_WEBHOOK_URL is no web address"),
        ({"TICKET_WEBHOOK_URL": "https://desk.example:x/"}, "TICKET_WEBHOOK_URL is no web address"),
        ({"TICKET_SMTP_URL": "mail.example:587"}, "TICKET_SMTP_URL is no address"),
        ({"TICKET_SMTP_URL": "imap://mail.example"}, "TICKET_SMTP_URL is no address"),
        ({"TICKET_SMTP_URL": "smtp://"}, "TICKET_SMTP_URL is no address"),
        ({"TICKET_EMAIL_FROM": None}, "TICKET_EMAIL_FROM or TICKET_EMAIL_TO is not set"),
        ({"TICKET_EMAIL_TO": None}, "TICKET_EMAIL_FROM or TICKET_EMAIL_TO is not set"),
        ({"TICKET_EMAIL_TO": "desk"}, "TICKET_EMAIL_FROM or TICKET_EMAIL_TO is no mail address"),
    ],
)
def test_a_way_that_tickets_cannot_go_is_one_sentence(change: dict[str, str | None], named: str) -> None:
    settings = complete_settings(**{**MAIL, **change})
    (reason,) = outgoing_reasons(settings)
    assert reason.startswith(named)
    assert can_deliver(settings) == ("TICKET_WEBHOOK_URL" in change)  # by mail; nothing is promised otherwise
