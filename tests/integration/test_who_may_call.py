"""Who may call, from the API down: the rule of the installation, and that whoever is refused leaves nothing behind."""

import asyncio
from typing import Any

import pytest
from psycopg import sql
from tests.support.api import Api, StartApi
from tests.support.poll import eventually_async
from tests.support.records import ensure_profile, make_user

from insta_voice.customers import (
    KnownPerson,
    Profile,
    admit,
    get_profile,
    give_role,
    import_people,
    list_people,
    lock_out,
    set_disabled,
)
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, EmailNotVerifiedError, InstaVoiceError, NotKnownError

MAYA = KnownPerson("Maya@Example.org", "Maya Lindholm", "team", {"seats": 12})


async def seen(db: Database, rule: Any = "known", *, user_id: str = "uid-1", **changes: Any) -> Profile:
    """Someone signs in, as Maya unless told otherwise."""
    token = {"email": "maya@example.org", "name": "M", "email_verified": True, "domains": ("example.org",), **changes}
    return await admit(db, user_id=user_id, rule=rule, **token)


async def rows_everywhere(db: Database) -> dict[str, int]:
    """How many rows each table has that holds people, calls or jobs."""
    async with db.as_service() as connection:
        tables = await (
            await connection.execute(
                """select schemaname, tablename from pg_tables where schemaname in ('public', 'procrastinate')
                      and has_table_privilege('insta_jobs', format('%I.%I', schemaname, tablename), 'select')"""
            )
        ).fetchall()
        counted = {}
        for table in tables:
            name = sql.Identifier(table["schemaname"], table["tablename"])
            row = await (await connection.execute(sql.SQL("select count(*) as n from {}").format(name))).fetchone()
            assert row is not None
            counted[table["tablename"]] = row["n"]
    assert {"user_profiles", "call_reservations", "calls"} <= counted.keys()
    return counted


def routes_of_people(api: Api) -> list[tuple[str, str, Any]]:
    """Method, address and a fitting body of every route that wants a sign-in."""
    document = api.app.openapi()
    example = document["components"]["schemas"]["RatingIn"]["examples"][0]
    found = [
        (method.upper(), path.replace("{call_id}", "7f6d6c1e-55f1-4f6c-9a4f-0d8c4f5f8a00").replace("{article_id}", "a"),
         example if "requestBody" in operation else None)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "security" in operation
    ]  # fmt: skip
    assert ("POST", "/api/token", None) in found
    assert len(found) >= 8
    return found


@pytest.mark.parametrize(
    ("rule", "claims", "code"),
    [
        (None, {}, "not_known"),
        (None, {"email_verified": False}, "email_not_verified"),
        (None, {"email": "maya@example.org", "email_verified": False}, "email_not_verified"),  # imported, not hers
        (None, {"email": ..., "email_verified": False}, "not_known"),
        ("known", {"email": "someone@example.com"}, "not_known"),
        ("domains", {"email": "someone@elsewhere.example"}, "not_known"),
        ("domains", {"email": "someone@ours.example", "email_verified": False}, "email_not_verified"),
    ],
)
async def test_a_stranger_gets_a_sentence_and_leaves_nothing(
    start_api: StartApi, db: Database, rule: str | None, claims: dict[str, Any], code: str
) -> None:
    """On every route there is; a rule that is not set is `known`."""
    await import_people(db, [MAYA], with_facts=True)
    api = await start_api(SIGNUP=rule, SIGNUP_DOMAINS="ours.example", SIGNUP_STRANGERS_MAY_CALL=None)
    before = await rows_everywhere(db)
    for method, path, body in routes_of_people(api):
        refused = await api.http.request(method, path, json=body, headers=api.bearer("stranger", **claims))
        assert (refused.status_code, refused.json()["code"]) == (403, code), path
        assert refused.json()["detail"].endswith(".")
    assert await rows_everywhere(db) == before


async def test_who_was_imported_signs_in_as_that_person(start_api: StartApi, db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    api = await start_api(SIGNUP=None)
    me = await api.http.get("/api/me", headers=api.bearer("uid-1", email="maya@example.org", name="M"))
    assert me.json() == {
        "user_id": "uid-1",
        "email": "maya@example.org",
        "email_verified": True,
        "name": "Maya Lindholm",
        "plan": "team",
        "role": "customer",
    }
    profile = await get_profile(db, "uid-1")
    assert profile is not None
    assert profile.account == {"seats": 12}
    assert (await api.http.post("/api/token", headers=api.bearer("uid-1", email="maya@example.org"))).status_code == 201


@pytest.mark.parametrize(
    ("email", "may"),
    [
        ("ada@example.org", True),
        ("ADA@EXAMPLE.ORG", True),
        ("ada@sub.example.org", False),
        ("ada@evil-example.org", False),
        ("ada@example.org.evil.net", False),
        ("ada@example.org@evil.net", False),
        ("example.org", False),
    ],
)
async def test_a_domain_is_that_domain_and_no_other(db: Database, email: str, may: bool) -> None:
    try:
        await seen(db, "domains", email=email)
    except NotKnownError:
        assert not may
    else:
        assert may


async def test_domains_let_known_people_in_too(db: Database) -> None:
    await import_people(db, [KnownPerson("guest@elsewhere.example")], with_facts=False)
    assert await seen(db, "domains", email="guest@elsewhere.example")
    with pytest.raises(NotKnownError):
        await seen(db, "known", user_id="uid-2", email="ada@example.org")  # the domains of another rule


async def test_a_rule_nobody_has_heard_of_lets_nobody_in(db: Database) -> None:
    with pytest.raises(NotKnownError):
        await seen(db, "everyone")


async def test_an_address_that_is_not_shown_to_be_theirs_brings_nothing(db: Database) -> None:
    """With an open door anyone may register anyone's address; what the company said of it stays the owner's."""
    await import_people(db, [MAYA], with_facts=True)
    await give_role(db, "maya@example.org", "admin")
    thief = await seen(db, "open", user_id="thief", email_verified=False)
    assert (thief.role, thief.plan, thief.account, thief.name) == ("customer", "free", {}, "M")
    await give_role(db, "maya@example.org", "support")
    await import_people(db, [KnownPerson("maya@example.org", plan="business")], with_facts=False)
    unchanged = await get_profile(db, "thief")
    assert unchanged is not None
    assert (unchanged.role, unchanged.plan) == ("customer", "free")

    shown = await seen(db, "known", user_id="thief")  # the same account, with the mail's link opened
    assert (shown.role, shown.plan, shown.account) == ("support", "business", {"seats": 12})


async def test_what_the_company_changes_later_is_not_undone_by_signing_in(db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    await seen(db)
    await give_role(db, "maya@example.org", "support")
    await import_people(db, [KnownPerson("maya@example.org", plan="business")], with_facts=False)
    again = await seen(db)
    assert (again.role, again.plan, again.account) == ("support", "business", {"seats": 12})


async def test_who_was_let_in_stays_known_with_another_address(db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    await seen(db)
    moved = await seen(db, email="maya@new.example", email_verified=False)
    assert (moved.email, moved.email_verified, moved.plan) == ("maya@new.example", False, "team")


async def test_the_company_goes_on_reaching_them_by_the_address_it_knows(db: Database) -> None:
    """The list it imports from still has the old one."""
    await import_people(db, [MAYA], with_facts=True)
    await seen(db)
    await seen(db, email="maya@new.example")
    await import_people(db, [KnownPerson("maya@example.org", plan="business")], with_facts=False)
    assert await give_role(db, "maya@example.org", "support")
    profile = await get_profile(db, "uid-1")
    assert profile is not None
    assert (profile.email, profile.plan, profile.role) == ("maya@new.example", "business", "support")
    people, total = await list_people(db, limit=9)
    assert (len(people), total, people[0].email) == (1, 1, "maya@new.example")
    await lock_out(db, "maya@example.org", disabled=True)
    with pytest.raises(AccountDisabledError):
        await seen(db, email="maya@new.example")


async def test_an_account_is_one_line_with_the_person_it_says_it_is_once_that_is_shown(db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    await seen(db, "open", email_verified=False)
    people, total = await list_people(db, limit=9)
    assert total == 2
    assert [(person.user_id, person.plan) for person in people] == [("uid-1", "free"), (None, "team")]
    await seen(db, "open")
    people, total = await list_people(db, limit=9)
    assert total == 1
    assert [(person.user_id, person.plan) for person in people] == [("uid-1", "team")]


async def test_a_locked_address_locks_every_account_with_it(db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    await seen(db)
    await lock_out(db, "MAYA@example.org", disabled=True)
    with pytest.raises(AccountDisabledError):
        await seen(db)
    for rule, verified, refusal in [
        ("open", True, AccountDisabledError),
        ("open", False, AccountDisabledError),
        ("known", True, AccountDisabledError),
        ("known", False, EmailNotVerifiedError),  # says nothing about whose address it is
    ]:
        with pytest.raises(refusal):
            await seen(db, rule, user_id="a-new-account", email_verified=verified)
    await lock_out(db, "maya@example.org", disabled=False)
    assert not (await seen(db)).disabled


async def test_one_profile_however_many_first_requests_come_at_once(db: Database) -> None:
    await import_people(db, [MAYA], with_facts=True)
    profiles = await asyncio.gather(*(seen(db) for _ in range(20)))
    assert {(profile.user_id, profile.plan) for profile in profiles} == {("uid-1", "team")}


async def test_an_import_while_someone_signs_in_for_the_first_time_misses_nobody(db: Database) -> None:
    """Held still between writing and committing: the sign-in waits, and then finds what was imported."""
    async with db.as_service() as importing:
        await importing.execute("select insta.lock_known_people()")
        first_sight = asyncio.create_task(seen(db, "open"))

        async def waits() -> bool:
            async with db.as_service() as other:
                row = await (await other.execute("select count(*) as n from pg_locks where not granted")).fetchone()
            return row is not None and bool(row["n"])

        await eventually_async(waits, within_s=5, what="the sign-in waits for the import")
        await importing.execute("insert into known_people (email, plan) values ('maya@example.org', 'team')")
    assert (await first_sight).plan == "team"


async def test_most_requests_write_nothing(db: Database) -> None:
    """A profile seen a moment ago is only read: a page asks often."""

    async def written() -> object:
        async with db.as_service() as connection:
            return await (await connection.execute("select xmin::text, last_seen_at from user_profiles")).fetchone()

    await seen(db, "open")
    once = await written()
    await seen(db, "open")
    assert await written() == once
    async with db.as_service() as connection:
        await connection.execute("update user_profiles set last_seen_at = now() - interval '61 seconds'")
    await seen(db, "open")
    assert await written() != once


async def test_nobody_makes_a_profile_past_the_rule(db: Database) -> None:
    async with db.as_service() as connection:
        row = await (
            await connection.execute(
                """select has_table_privilege('insta_app', 'user_profiles', 'insert')
                       or has_any_column_privilege('insta_app', 'user_profiles', 'insert')
                       or has_function_privilege(
                            'insta_app', 'ensure_user_profile(text, text, text, boolean, text, text[])', 'execute')
                       or has_table_privilege('insta_app', 'known_people', 'select') as may"""
            )
        ).fetchone()
    assert row == {"may": False}


async def test_refusals_hold_no_personal_data(db: Database) -> None:
    await make_user(db)
    await set_disabled(db, "maya", True)
    for attempt in (seen(db), seen(db, email_verified=False), seen(db, "open", user_id="maya")):
        with pytest.raises(InstaVoiceError) as refused:
            await attempt
        assert "maya" not in f"{refused.value.message} {refused.value.detail}".lower()
    with pytest.raises(AccountDisabledError):
        await ensure_profile(db, user_id="maya", email=None, name=None, email_verified=False)
