"""Where account facts come from: as imported, or from the company's endpoint, told of nobody but a proven person."""

import json
from typing import Any

import pytest
from tests.support.endpoint import answer, serving_endpoint
from tests.support.records import ensure_profile
from tests.support.settings import complete_settings

from insta_voice.customers import KnownPerson, import_people, import_profile
from insta_voice.customers.accounts import UNCONFIRMED, AccountEndpoint, StoredAccounts, account_source
from insta_voice.db import Database

FACTS = {"seats": 12, "margin": 0.7, "tags": ["a"], "deep": {"a": {"b": 1}}}


def endpoint(db: Database, url: str) -> Any:
    variables = {"ACCOUNT_URL": url, "ACCOUNT_SECRET": "s3cret", "ACCOUNT_FIELDS": "seats,name,email"}
    return account_source(db, complete_settings(INSTA_ENV="development", **variables))


async def test_imported_facts_are_told_as_far_as_they_are_allowed(db: Database) -> None:
    await import_profile(db, user_id="maya", email="maya@acme.example", name="Maya", plan="team", account=FACTS)
    whose = {"name": "Maya", "email": "maya@acme.example", "plan": "team"}
    whole = account_source(db, complete_settings())
    assert isinstance(whole, StoredAccounts)
    assert await whole.account_of("maya") == {"seats": 12, "margin": 0.7, "tags": ["a"], **whose}
    some = account_source(db, complete_settings(ACCOUNT_FIELDS="seats,plan"))
    assert await some.account_of("maya") == {"seats": 12, **whose}
    assert await some.account_of("nobody") is None


async def test_the_plan_everybody_begins_with_is_not_told_of_somebody_unproven(db: Database) -> None:
    """Ada is imported on the business plan, signs up, and asks before she has confirmed her address."""
    await import_people(db, [KnownPerson("ada@acme.example", plan="business")], with_facts=False)
    stored = account_source(db, complete_settings())
    ada = {"user_id": "ada", "email": "ada@acme.example", "name": "Ada"}
    await ensure_profile(db, email_verified=False, **ada)
    whose = {"name": "Ada", "email": "ada@acme.example"}
    assert await stored.account_of("ada") == {**whose, UNCONFIRMED: True}
    await ensure_profile(db, email_verified=True, **ada)
    assert await stored.account_of("ada") == {**whose, "plan": "business"}


async def test_who_has_no_address_to_confirm_is_not_asked_to(db: Database) -> None:
    await ensure_profile(db, user_id="phone", email=None, name=None, email_verified=False)
    assert await account_source(db, complete_settings()).account_of("phone") == {"name": None, "email": None}


async def test_what_the_company_said_of_a_person_stays_told_while_a_new_address_is_unproven(db: Database) -> None:
    await import_profile(db, user_id="maya", email="maya@acme.example", name="Maya", plan="team")
    await ensure_profile(db, user_id="maya", email="new@acme.example", name="Maya", email_verified=False)
    account = await account_source(db, complete_settings()).account_of("maya")
    assert account == {"name": "Maya", "email": "new@acme.example", "plan": "team"}


@pytest.mark.parametrize(("told", "waits"), [("{}", {UNCONFIRMED: True}), ('{"seats": 3}', {"seats": 3})])
async def test_an_endpoint_that_knows_nobody_yet_may_once_the_address_is_proven(
    db: Database, told: str, waits: dict[str, Any]
) -> None:
    await ensure_profile(db, user_id="ada", email="ada@acme.example", name="Ada", email_verified=False)
    async with serving_endpoint(answer(told)) as company:
        account = await endpoint(db, company.url).account_of("ada")
    assert account == {"name": "Ada", "email": "ada@acme.example", **waits}


async def test_the_endpoint_is_told_an_address_only_when_it_is_proven(db: Database) -> None:
    who = {"email": "ceo@acme.example", "name": "Somebody"}
    async with serving_endpoint(answer(json.dumps(FACTS))) as company:
        source = endpoint(db, company.url)
        assert isinstance(source, AccountEndpoint)
        await ensure_profile(db, user_id="proven", email_verified=True, **who)
        await ensure_profile(db, user_id="claims", email_verified=False, **who)
        await source.account_of("proven")
        await source.account_of("claims")
        assert await source.account_of("nobody") is None
    assert [json.loads(asked.body) for asked in company.asked] == [
        {"user_id": "proven", "email": "ceo@acme.example"},
        {"user_id": "claims", "email": None},
    ]


async def test_the_endpoint_may_correct_the_name_but_not_whose_address_it_is(db: Database) -> None:
    """A stored fact or plan is not mixed in: what the company says now is what counts."""
    await import_profile(db, user_id="maya", email="maya@acme.example", name="M", plan="team", account={"seats": 1})
    told = {"seats": 12, "name": "Maya Lindholm", "email": "other@acme.example"}
    async with serving_endpoint(answer(json.dumps(told))) as company:
        account = await endpoint(db, company.url).account_of("maya")
    assert account == {"seats": 12, "name": "Maya Lindholm", "email": "maya@acme.example"}
