"""Promise 22: a customer sees only their own data. Row-level security is on and forced, the runtime role cannot
bypass it, no user set → zero rows; a new table without a policy fails a test.

On Supabase every table in `public` is reachable with the public anon key, and its default privileges grant
everything on each new table: what the first tests prove of the catalog, the later ones prove by asking.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from tests.support.postgres import TestDatabase
from tests.support.records import make_call, turn

from insta_voice.calls import get_call, list_calls, open_ticket, rate_call, record_turn
from insta_voice.customers import KnownPerson, import_people, last_summary, save_interaction_summary
from insta_voice.db import Database

PERSONAL = {
    "user_profiles",
    "interaction_summaries",
    "call_reservations",
    "calls",
    "call_turns",
    "tickets",
    "call_ratings",
}
# About people too, and for nobody but the service: what the company says of addresses, and who is being erased.
SERVICE_ONLY = {"known_people", "erasures"}
OUTSIDERS = ("anon", "authenticated", "service_role")


@pytest.fixture
async def filled(supabase: TestDatabase) -> AsyncIterator[tuple[Database, UUID]]:
    """A Supabase-like database in which maya has one row in every personal table."""
    async with Database(supabase.url) as db:
        call_id = await make_call(db)
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
        await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key="k")
        await save_interaction_summary("maya", "hers", call_id=call_id, db=db)
        await rate_call(db, user_id="maya", call_id=call_id, solved=True, comment="hers")
        await import_people(db, [KnownPerson("maya@example.org")], with_facts=False)
        async with db.as_service() as connection:
            await connection.execute("insert into erasures (user_id, requested_by) values ('maya', 'person')")
        yield db, call_id
        async with await psycopg.AsyncConnection.connect(supabase.admin_url) as owner:
            left = "user_profiles, known_people, erasures, procrastinate.procrastinate_jobs"
            await owner.execute(f"truncate {left} cascade")


async def rows_of(url: str, query: str) -> list[dict[str, object]]:
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as connection:
        return await (await connection.execute(query)).fetchall()  # type: ignore[call-overload,no-any-return]


async def our_tables(url: str) -> list[dict[str, object]]:
    return await rows_of(
        url,
        """select n.nspname as schema, c.relname as name, c.relrowsecurity as on, c.relforcerowsecurity as forced,
                  exists (select from pg_policy p where p.polrelid = c.oid) as has_policy,
                  exists (select from pg_attribute a
                           where a.attrelid = c.oid and a.attname in ('user_id', 'email')) as personal
             from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'insta') and c.relkind in ('r', 'p', 'v', 'm', 'f')
              and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')""",
    )


def unprotected(tables: list[dict[str, object]]) -> set[object]:
    """Tables a stranger could read, and personal ones whose owner could."""
    return {
        table["name"]
        for table in tables
        if not table["on"] or not table["has_policy"] or (table["personal"] and not table["forced"])
    }


async def test_every_table_is_protected(supabase: TestDatabase) -> None:
    tables = await our_tables(supabase.url)
    assert {table["name"] for table in tables} >= PERSONAL
    assert unprotected(tables) == set()


async def test_every_personal_table_is_known_here(supabase: TestDatabase) -> None:
    """A new table with a user_id or an email has to be put into one of the two, and so under the tests below."""
    found = {table["name"] for table in await our_tables(supabase.url) if table["personal"]}
    assert found == PERSONAL | SERVICE_ONLY


async def test_a_new_table_without_protection_is_found(database: TestDatabase) -> None:
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("create table public.diary (user_id text, page text)")
        await owner.execute("create table public.letters (user_id text)")
        await owner.execute("alter table public.letters enable row level security")
        await owner.execute("create policy own on public.letters to insta_app using (true)")
        await owner.execute("create view public.everything as select * from public.user_profiles")
    assert unprotected(await our_tables(database.admin_url)) == {"diary", "letters", "everything"}


async def test_the_runtime_roles_cannot_bypass_policies(database: TestDatabase) -> None:
    roles = await rows_of(
        database.admin_url,
        """select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty
             from pg_roles where rolname in ('insta_app', 'insta_jobs', 'insta_login') order by 1""",
    )
    assert [(role["rolname"], role["mighty"]) for role in roles] == [
        ("insta_app", False),
        ("insta_jobs", False),
        ("insta_login", False),
    ]
    owned = await rows_of(
        database.admin_url,
        "select relname from pg_class where pg_get_userbyid(relowner) like 'insta%' limit 1",
    )
    assert owned == []


async def test_the_login_of_the_parts_sees_nothing_before_it_says_who_it_is(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("select * from user_profiles")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("set role postgres")


async def personal_rows(url: str, claims: str) -> dict[str, int]:
    """How many rows of each personal table the runtime role sees with these claims."""
    seen = {}
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("select set_config('role', 'insta_app', true)")
        await connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        for table in sorted(PERSONAL):
            found = await connection.execute(sql.SQL("select * from {}").format(sql.Identifier(table)))
            seen[table] = len(await found.fetchall())
    return seen


@pytest.mark.parametrize(
    "claims", ["", "{}", '{"sub": ""}', '{"sub": null}', '{"sub": "leo"}', '{"role": "service_role"}', "[]"]
)
async def test_no_user_and_a_wrong_user_see_no_row(
    filled: tuple[Database, UUID], supabase: TestDatabase, claims: str
) -> None:
    assert await personal_rows(supabase.url, claims) == dict.fromkeys(PERSONAL, 0)


async def test_the_right_user_sees_their_rows(filled: tuple[Database, UUID], supabase: TestDatabase) -> None:
    """Or else the test above would pass with nothing in the tables."""
    assert await personal_rows(supabase.url, '{"sub": "maya"}') == dict.fromkeys(PERSONAL, 1)


@pytest.mark.parametrize("table", sorted(SERVICE_ONLY))
async def test_what_is_the_services_own_is_shown_to_nobody_even_about_themselves(
    filled: tuple[Database, UUID], supabase: TestDatabase, table: str
) -> None:
    async with await psycopg.AsyncConnection.connect(supabase.url) as connection:
        await connection.execute("select set_config('role', 'insta_jobs', true)")
        name = sql.Identifier(table)
        held = await connection.execute(sql.SQL("select * from {}").format(name))
        assert len(await held.fetchall()) == 1
        await connection.execute("select set_config('role', 'insta_app', true)")
        await connection.execute("""select set_config('request.jwt.claims', '{"sub": "maya"}', true)""")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(sql.SQL("select * from {}").format(name))


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_supabases_api_roles_reach_no_table(
    filled: tuple[Database, UUID], supabase: TestDatabase, role: str
) -> None:
    """anon, and authenticated with maya's own claims: what the API would do with a stolen or public key."""
    tables = await our_tables(supabase.url)
    async with await psycopg.AsyncConnection.connect(supabase.admin_url) as connection:
        await connection.execute("select set_config('role', %s, true)", [role])
        await connection.execute("""select set_config('request.jwt.claims', '{"sub": "maya"}', true)""")
        for table in tables:
            name = sql.Identifier(str(table["schema"]), str(table["name"]))
            for statement in ("select * from {}", "delete from {}", "insert into {} default values"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    async with connection.transaction():
                        await connection.execute(sql.SQL(statement).format(name))


async def test_there_a_table_without_our_protection_is_open_to_anon(supabase: TestDatabase) -> None:
    """Or else the tests around this one would prove nothing about Supabase's default grants."""
    async with await psycopg.AsyncConnection.connect(supabase.url) as owner:
        await owner.execute("create table public.forgotten (secret text)")
        await owner.execute("create function public.forgotten_function() returns int language sql return 1")
        granted = await owner.execute(
            """select has_table_privilege('anon', 'public.forgotten', 'select') as tables,
                      has_function_privilege('anon', 'public.forgotten_function()', 'execute') as functions"""
        )
        assert await granted.fetchone() == (True, True)
        await owner.rollback()


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_supabases_api_roles_call_no_function_of_ours(supabase: TestDatabase, role: str) -> None:
    callable_by_role = await rows_of(
        supabase.admin_url,
        f"""select p.oid::regprocedure::text as function
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname in ('public', 'insta', 'procrastinate')
               and has_schema_privilege('{role}', n.oid, 'usage')
               and has_function_privilege('{role}', p.oid, 'execute')
               and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')""",  # noqa: S608
    )
    assert callable_by_role == []


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_supabases_api_roles_use_no_sequence_of_ours(supabase: TestDatabase, role: str) -> None:
    usable = await rows_of(
        supabase.admin_url,
        f"""select c.oid::regclass::text as sequence from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('public', 'insta') and case when c.relkind = 'S'
                   then has_sequence_privilege('{role}', c.oid, 'usage, select, update') end""",  # noqa: S608
    )
    assert usable == []


async def test_nobody_else_may_call_our_functions_in_the_embedded_default(database: TestDatabase) -> None:
    open_to_all = await rows_of(
        database.admin_url,
        """select p.oid::regprocedure::text as function
             from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'public'
              and has_function_privilege('public', p.oid, 'execute')
              and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')""",
    )
    assert open_to_all == []


async def test_a_user_cannot_write_as_another(filled: tuple[Database, UUID], supabase: TestDatabase) -> None:
    db, call_id = filled
    statements = [
        "update calls set agent_seen_at = now() where user_id = 'maya' returning 1",
        "update interaction_summaries set summary = 'mine' where user_id = 'maya' returning 1",
        "update call_ratings set solved = false where user_id = 'maya' returning 1",
    ]
    for statement in statements:
        async with db.as_user("leo") as connection:
            assert await (await connection.execute(statement)).fetchall() == []  # type: ignore[call-overload]
    async with await psycopg.AsyncConnection.connect(supabase.url) as connection:
        await connection.execute("select set_config('role', 'insta_app', true)")
        await connection.execute("""select set_config('request.jwt.claims', '{"sub": "leo"}', true)""")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(
                "insert into tickets (user_id, call_id, key, subject, briefing) values ('maya', %s, 'x', 'x', 'x')",
                [call_id],
            )


@pytest.mark.parametrize(
    "statement",
    [
        "update user_profiles set role = 'admin'",
        "update user_profiles set email = 'ada@example.org', email_verified = true",
        "update user_profiles set name = 'x'",
        "update user_profiles set plan = 'business'",
        "update user_profiles set disabled = false",
        "update user_profiles set account_facts = '{}'",
        "update calls set started_at = now()",
        "update call_turns set text = 'never said'",
        "delete from call_turns",
        "delete from calls",
        "delete from user_profiles",
        "select * from insta.reserve_call('maya', interval '1 hour', 9, 9, 9, 9)",
        "update call_reservations set allowed = interval '1 day'",
        "select * from procrastinate.procrastinate_jobs",
        "select * from agent_workers",
        "insert into user_profiles (user_id) values ('maya-2')",
        "select ensure_user_profile('maya', 'ada@example.org', null, true, 'open', '{}')",
        "update call_ratings set call_id = gen_random_uuid()",
        "delete from call_ratings",
        "select * from insta.spent_minutes",
        "delete from insta.spent_minutes",
        "select * from article_versions",
        "select * from article_drafts",
        "select * from gap_questions",
        "select * from knowledge_gaps",
        "delete from gap_questions",
        "update call_turns set searches = '[]'",
        "update calls set gaps_found_at = now()",
    ],
)
async def test_a_user_raises_no_rights_of_their_own_and_unsays_nothing(
    filled: tuple[Database, UUID], supabase: TestDatabase, statement: str
) -> None:
    async with await psycopg.AsyncConnection.connect(supabase.url) as connection:
        await connection.execute("select set_config('role', 'insta_app', true)")
        await connection.execute("""select set_config('request.jwt.claims', '{"sub": "maya"}', true)""")
        try:
            found = await connection.execute(statement)  # type: ignore[call-overload]
        except psycopg.errors.InsufficientPrivilege:
            return
        assert await found.fetchall() == []


async def test_the_capabilities_work_on_supabase(filled: tuple[Database, UUID]) -> None:
    db, call_id = filled
    assert [call.call_id for call in await list_calls(db, "maya")] == [call_id]
    assert (await get_call(db, "maya", call_id)).ticket is not None
    assert await last_summary(db, "maya") is not None
    assert await last_summary(db, "leo") is None
