"""Profiles and memory in a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.records import ensure_profile, make_call, make_user

from insta_voice.calls import close_call
from insta_voice.customers import (
    get_profile,
    get_user_account_info_from_db,
    import_profile,
    last_summary,
    save_interaction_summary,
    set_disabled,
    set_role,
)
from insta_voice.db import Database, use_database
from insta_voice.errors import AccountDisabledError, NotFoundError


async def test_first_sight_makes_a_customer_on_the_free_plan(db: Database) -> None:
    made = await ensure_profile(db, user_id="maya", email="m@example.org", name="Maya", email_verified=True)
    assert (made.role, made.plan, made.disabled, made.account) == ("customer", "free", False, {})
    assert await get_profile(db, "maya") == made


async def test_a_later_token_refreshes_but_never_empties(db: Database) -> None:
    await ensure_profile(db, user_id="maya", email="m@example.org", name="Maya", email_verified=False)
    again = await ensure_profile(db, user_id="maya", email="new@example.org", name=None, email_verified=True)
    assert (again.email, again.name) == ("new@example.org", "Maya")


async def test_signing_in_keeps_role_plan_facts_and_the_lock(db: Database) -> None:
    await import_profile(
        db, user_id="ada", email="a@example.org", name="Ada", plan="team", role="admin", account={"seats": 12}
    )
    seen = await ensure_profile(db, user_id="ada", email="a@example.org", name="Ada L.", email_verified=True)
    assert (seen.role, seen.plan, seen.account) == ("admin", "team", {"seats": 12})
    await set_disabled(db, "ada", True)
    with pytest.raises(AccountDisabledError):
        await ensure_profile(db, user_id="ada", email="a@example.org", name="Ada", email_verified=True)
    still = await get_profile(db, "ada")
    assert still is not None
    assert still.disabled


async def test_account_info_is_one_mapping_and_none_for_strangers(db: Database) -> None:
    await import_profile(
        db, user_id="maya", email="m@example.org", name="Maya", plan="team", account={"seats": 12, "plan": "x"}
    )
    use_database(db)
    assert await get_user_account_info_from_db("maya") == {
        "seats": 12,
        "name": "Maya",
        "email": "m@example.org",
        "plan": "team",
    }
    assert await get_user_account_info_from_db("nobody", db=db) is None


async def test_a_call_has_one_summary_and_the_newest_is_remembered(db: Database) -> None:
    call_id = await make_call(db)
    assert await last_summary(db, "maya") is None
    assert await save_interaction_summary("maya", "first", call_id=call_id, open_question="Why?", db=db)
    assert await save_interaction_summary("maya", "second", call_id=call_id, topics=["t"], solved=True, db=db)
    just_now = datetime.now(UTC) - timedelta(minutes=1)
    assert not await save_interaction_summary("maya", "third", call_id=call_id, unless_saved_since=just_now, db=db)
    found = await last_summary(db, "maya")
    assert found is not None
    assert (found.summary, found.topics, found.open_question, found.solved) == ("second", ("t",), None, True)
    await save_interaction_summary("maya", "outside a call", db=db)
    newest = await last_summary(db, "maya")
    assert newest is not None
    assert newest.summary == "outside a call"


async def test_a_call_in_which_nothing_was_asked_does_not_hide_the_one_before(db: Database) -> None:
    first = await make_call(db)
    await save_interaction_summary("maya", "hers", call_id=first, open_question="Why?", solved=False, db=db)
    await close_call(db, call_id=first, reason="hung_up")
    second = await make_call(db)
    await save_interaction_summary("maya", "Nothing was asked.", call_id=second, db=db)
    found = await last_summary(db, "maya")
    assert found is not None
    assert found.open_question == "Why?"


async def test_memory_is_the_users_own(db: Database) -> None:
    await make_user(db, "maya")
    await make_user(db, "leo")
    await save_interaction_summary("maya", "hers", db=db)
    assert await last_summary(db, "leo") is None


async def test_changing_someone_unknown_is_not_found(db: Database) -> None:
    with pytest.raises(NotFoundError):
        await set_role(db, "nobody", "support")
    with pytest.raises(NotFoundError):
        await set_disabled(db, "nobody", True)
