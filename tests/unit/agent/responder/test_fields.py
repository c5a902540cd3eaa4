"""Facts under a company's own names: found by the question's words, said by their kind, never half matched."""

import json

import pytest
from tests.support.responder import Conversation, evidence, nothing

from insta_voice.agent.responder.facts import read_fact, words_of
from insta_voice.agent.responder.fields import asks_for_a_fact, find_fact, tell

# An account of a company that rents bicycles, and one that sells an API.
BICYCLES = {
    "name": "Maya",
    "membershipLevel": "gold_plus",
    "trial_ends_at": "2026-12-01T00:00:00Z",
    "next_appointment": "2026-12-03T15:30:00Z",
    "created_at": "2024-03-01",
    "open_rentals": 3,
    "balance_due": 12.5,
    "monthly_fee_sek": 249,
    "currency": "EUR",
    "account_manager": "Jo Berg",
    "delivery_address": "12 Canal Street, Utrecht",
    "helmet_included": True,
    "stations": ["Central", "North", "Harbour"],
    "customer_number": "BX20418",
    "distance_ridden_km": 1204,
    "insurance": {"policy_number": "P-99812", "valid_until": "2027-01-31", "excess": 150},
    "dashboard_url": "https://bikes.example/me?token=secret",
}
API = {
    "api_calls": 128000,
    "api_calls_left": 72000,
    "quota_used_percent": 64,
    "subscription_plan": "scale",
    "renewal_date": "2027-05-01",
    "sso": False,
}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("seats_used", ("seats", "used")),
        ("seatsUsed", ("seats", "used")),
        ("Seats Used", ("seats", "used")),
        ("VATNumber", ("vat", "number")),
        ("plan-2", ("plan", "2")),
        ("___", ()),
    ],
)
def test_a_name_is_read_as_words(key: str, words: tuple[str, ...]) -> None:
    assert words_of(key) == words


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("seats_used", 9, "You have 9 seats used."),
        ("expires_on", "2026-12-01", "Expires on December 1st, 2026."),
        ("open_tickets", 3, "You have 3 open tickets."),
        ("open_tickets", 1, "Your open tickets are 1."),
        ("api_calls", 128000, "You have 128,000 API calls."),
        ("balance_due", 12.5, "Your balance due is 12 euros and 50 cents."),
        ("balance_due", -3, "Your balance due is minus 3 euros."),
        ("monthly_fee_sek", 249, "Your monthly fee is 249 Swedish kronor."),
        ("credit_cents", 1250, "Your credit is 12 euros and 50 cents."),
        ("total_users", 40, "You have 40 total users."),
        ("quota_used_percent", 64, "Your quota used is 64 percent."),
        ("distance_ridden_km", 1204, "Your distance ridden is 1204 kilometers."),
        ("trial_ends_at", "2026-12-01T00:00:00Z", "Your trial ends on December 1st, 2026."),
        ("created_at", "2024-03-01", "Created on March 1st, 2024."),
        ("next_appointment", "2026-12-03T15:30:00Z", "Your next appointment is December 3rd, 2026, at 15:30 UTC."),
        ("renewal_date", "2027-05-01", "Your renewal is May 1st, 2027."),
        ("two_factor", True, "On two factor, your account says yes."),
        ("is_trial", False, "On trial, your account says no."),
        ("stations", ["Central", "North", "Harbour"], "Your stations are Central, North and Harbour."),
        ("customer_number", "BX20418", "Your customer number is BX 2 0 4, 1 8."),
        ("contact_email", "jo@acme.example", "Your contact email is jo at acme dot example."),
        ("time_zone", "Europe/Stockholm", "Your time zone is Europe, Stockholm."),
        ("status", "past_due", "Your status is past due."),
    ],
)
def test_a_fact_is_said_by_its_kind(key: str, value: object, sentence: str) -> None:
    fact = read_fact(key, value, "EUR")
    assert fact is not None
    assert tell(fact) == sentence


def test_a_web_address_is_not_read_out() -> None:
    assert read_fact("dashboard_url", "https://bikes.example/me?token=secret", "") is None
    assert read_fact("links", ["https://bikes.example"], "") is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("when does my trial end", "Your trial ends on December 1st, 2026."),
        ("When does my trial expire?", "Your trial ends on December 1st, 2026."),
        ("what is my membership level", "Your membership level is gold plus."),
        ("how many open rentals do I have", "You have 3 open rentals."),
        ("what's my balance", "Your balance due is 12 euros and 50 cents."),
        ("who is my account manager", "Your account manager is Jo Berg."),
        ("do I have a manager", "Your account manager is Jo Berg."),
        ("what is our delivery address", "Your delivery address is 12 Canal Street, Utrecht."),
        ("is a helmet included for me", "On helmet included, your account says yes."),
        ("what is my customer number", "Your customer number is BX 2 0 4, 1 8."),
        ("what is my policy number", "Your insurance policy number is P 9 9 8, 1 2."),
        ("until when is my insurance valid", "Your insurance valid until January 31st, 2027."),
        ("when is my next appointment", "Your next appointment is December 3rd, 2026, at 15:30 UTC."),
    ],
)
def test_a_question_finds_its_fact(asked: str, said: str) -> None:
    assert asks_for_a_fact(asked)
    found = find_fact(asked, BICYCLES)
    assert found is not None
    assert found.text == said


@pytest.mark.parametrize(
    "asked",
    [
        "is my delivery address encrypted",  # half a match would answer another question
        "when is my account manager on holiday",
        "how many stations are mine",  # a list is no number
        "when did i get my balance",  # an amount is no date
        "where are my open rentals",  # a number is no place
        "who is my insurance",  # three facts of it
        "what is my dashboard",
        "what is my shoe size",
    ],
)
def test_what_is_not_covered_whole_is_not_answered(asked: str) -> None:
    assert find_fact(asked, BICYCLES) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("which plan am I on", "Your subscription plan is Scale."),
        ("when does my plan renew", "Your renewal is May 1st, 2027."),
        ("how many API calls do I have left", "You have 72,000 API calls left."),
        ("do I have SSO", "On SSO, your account says no."),
    ],
)
def test_a_conversation_tells_facts_of_any_name(asked: str, said: str) -> None:
    call = Conversation(get_user_account_info=json.dumps(API))
    answer = call.hear(asked, nothing(asked))
    assert (answer.kind, answer.text) == ("account", said)
    assert [made.tool for made in call.calls] == ["get_user_account_info"]


ARTICLE = "Your trial ends after fourteen days. You can end it sooner under Billing."


SERVERS = {"name": "Ada", "plan": "business", "Renews on": "2026-12-31", "servers": 4}


@pytest.mark.parametrize("searched", ["apart", "together"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("How many servers do I have", "when does my plan renew?"),
            "You have 4 servers. Your plan renews on December 31st, 2026.",
        ),
        (
            ("When does my plan renew", "how many servers do I have?"),
            "Your plan renews on December 31st, 2026. You have 4 servers.",
        ),
        (
            ("How many servers do I have", "when does it renew?"),
            "You have 4 servers. Your plan renews on December 31st, 2026.",
        ),
        (("Which plan am I on", "how many servers do I have?"), "You are on the Business plan. You have 4 servers."),
        (
            ("How many servers", "how much storage do I have?"),
            "You have 4 servers. I do not see that in your account.",
        ),
        (
            ("How many servers do I have", "what is my support level?"),
            "You have 4 servers. I do not see that in your account.",
        ),
    ],
)
def test_no_part_of_a_question_is_dropped(asked: tuple[str, str], said: str, searched: str) -> None:
    whole = " and ".join(asked)
    found = [nothing(part) for part in asked] if searched == "apart" else [nothing(whole)]
    call = Conversation(get_user_account_info=json.dumps(SERVERS))
    call.past = []
    assert (
        call.hear(whole, *found).text.removesuffix(" Shall I pass this to a colleague? They will write to you.") == said
    )


def test_questions_without_and_between_them_are_two_as_well() -> None:
    asked = "How many servers do I have, when does my plan renew?"
    told = Conversation(get_user_account_info=json.dumps(SERVERS)).hear(asked, nothing(asked))
    assert told.text == "You have 4 servers. Your plan renews on December 31st, 2026."


def test_their_own_date_comes_before_the_articles_rule() -> None:
    asked = "when does my trial end"
    told = Conversation(get_user_account_info=json.dumps(BICYCLES)).hear(asked, evidence(asked, ARTICLE))
    assert told.text == "Your trial ends on December 1st, 2026."


def test_without_such_a_fact_the_article_answers() -> None:
    asked = "when does my trial end"
    told = Conversation(get_user_account_info=json.dumps(API)).hear(asked, evidence(asked, ARTICLE))
    assert told.kind == "answer"
    assert "fourteen days" in told.text


def test_an_account_out_of_reach_leaves_the_articles() -> None:
    asked = "where is my data stored"
    told = Conversation().hear(asked, evidence(asked, "Your data is stored in Frankfurt. It stays there."))
    assert told.text.startswith("Your data is stored in Frankfurt.")


def test_what_only_the_account_knows_is_not_answered_from_an_article() -> None:
    asked = "which plan am i on"
    told = Conversation().hear(asked, evidence(asked, "There are three plans. The Team plan is on for teams."))
    assert told.text.startswith(("I cannot reach your account information", "Your account information is out of my"))


def test_what_the_account_might_have_known_is_not_simply_unknown() -> None:
    asked = "how many open rentals do I have"
    told = Conversation().hear(asked, nothing(asked))
    assert "I cannot reach your account information right now." in told.text
    assert "account" not in Conversation(get_user_account_info="{}").hear(asked, nothing(asked)).text


def test_neither_account_nor_articles_is_said_honestly() -> None:
    asked = "what is my shoe size"
    told = Conversation(get_user_account_info=json.dumps(API)).hear(asked, nothing(asked))
    assert told.kind == "unknown"
    assert told.offer == "ticket"
