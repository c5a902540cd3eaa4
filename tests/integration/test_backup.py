"""A backup restores into a working system (promise 38): the same rows, the same answers, the same locked doors.

Made from the login of the schema's owner, as a person would; the database it goes into is one nobody has used.
"""

import asyncio
import json
import os
import stat
import uuid
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.integration.test_cli_record import insta_voice
from tests.support.knowledge import write_article
from tests.support.poll import eventually_async
from tests.support.postgres import TestDatabase, on_database, run_as_owner
from tests.support.records import make_call, turn

from insta_voice.calls import close_call, get_any_call, get_call, list_calls, open_ticket, record_turn
from insta_voice.costs import Spending
from insta_voice.customers import save_interaction_summary
from insta_voice.db import Database, migrate
from insta_voice.db.archive import MANIFEST, Manifest
from insta_voice.db.backup import backup_database
from insta_voice.db.migrations import applied_versions, read_migrations
from insta_voice.db.restore import restore_database
from insta_voice.errors import ConfigurationError, DBDriverError, InvalidInputError
from insta_voice.knowledge import Document, LocalEmbedder, draft_article, find_articles, ingest
from insta_voice.stack.postgres import EmbeddedPostgres

QUESTION = "How do I get a new password?"
TABLES = """
select n.nspname || '.' || c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
       coalesce((select array_agg(t.tgname || t.tgenabled::text order by t.tgname) from pg_trigger t
                  where t.tgrelid = c.oid and not t.tgisinternal), '{}') as triggers
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('public', 'insta', 'procrastinate') and c.relkind in ('r', 'p')
 order by 1
"""


@asynccontextmanager
async def new_database(postgres: EmbeddedPostgres) -> AsyncIterator[TestDatabase]:
    """A database nobody has migrated."""
    name = f"restored_{uuid.uuid4().hex}"
    await run_as_owner(postgres, sql.SQL("create database {}").format(sql.Identifier(name)))
    yield TestDatabase(on_database(postgres.url, name), on_database(postgres.admin_url, name))
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def target(postgres: EmbeddedPostgres) -> AsyncIterator[TestDatabase]:
    async with new_database(postgres) as made:
        yield made


COST = Spending((), Decimal("0.01"))  # which a trigger adds up: once, not again when rows come back


@pytest.fixture
async def company(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> Database:
    """A company's database: articles, a draft, two callers, a call of each, a summary, a ticket and jobs that wait."""
    text = "To get a new password, choose Forgot password; the mail holds a link.\n\nIt ends after \\\\ one\thour."
    write_article(tmp_path / "articles", "reset", "Reset your password", text)
    write_article(tmp_path / "articles", "refund", "Refunds", "Refunds take five days.", audience="plan:business")
    await ingest(db, embedder, [tmp_path / "articles"])
    await draft_article(db, Document("Refunds", "Refunds take a day.", "refund"), written_by="test")
    for user in ("maya", "leo"):
        call_id = await make_call(db, user)
        for number, said in enumerate(["Grüße — “ok”? \\N \\. \n\ttab", "\u202eend", ""], start=1):
            await record_turn(db, call_id=call_id, user_id=user, turn=turn(number, said, spending=COST))
        await open_ticket(db, user_id=user, call_id=call_id, subject="Call me", briefing="b", key="k")
        await close_call(db, call_id=call_id, reason="hung_up")
        await save_interaction_summary(user, f"{user} asked about passwords", call_id=call_id, db=db)
    return db


async def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(query)).fetchall()  # type: ignore[call-overload,no-any-return]


async def content(url: str) -> dict[str, list[str]]:
    """Every row of every table as text, in an order of its own."""
    names = [name for name, *_ in await rows(url, TABLES)]
    return {name: sorted(text for (text,) in await rows(url, f"select t::text from {name} t")) for name in names}  # noqa: S608


async def back_up(database: TestDatabase, folder: Path, name: str = "saved.zip") -> tuple[Path, Manifest]:
    file = folder / name
    return file, await asyncio.to_thread(backup_database, database.admin_url, file)


async def test_every_row_comes_back(
    company: Database, database: TestDatabase, target: TestDatabase, tmp_path: Path
) -> None:
    file, manifest = await back_up(database, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await restore_database(target.admin_url, file) == manifest
    before, after = await content(database.admin_url), await content(target.admin_url)
    assert after == before
    filled = {"public.call_turns", "public.tickets", "public.chunk_embeddings", "public.article_versions",
              "public.article_drafts", "public.article_names", "public.knowledge_hearings",
              "public.knowledge_words", "procrastinate.procrastinate_jobs"}  # fmt: skip
    assert all(after[name] for name in filled)
    assert manifest.rows == sum(len(lines) for lines in after.values())


async def test_every_table_is_in_it_and_locked_as_before(
    company: Database, database: TestDatabase, target: TestDatabase, tmp_path: Path
) -> None:
    """A new table that no policy of ours names would be forgotten: here that fails."""
    file, manifest = await back_up(database, tmp_path)
    await restore_database(target.admin_url, file)
    before = await rows(database.admin_url, TABLES)
    assert {table.name for table in manifest.tables} == {name for name, *_ in before}
    assert await rows(target.admin_url, TABLES) == before
    async with Database(target.url) as restored:
        assert await list_calls(restored, "nobody") == []
        assert len(await list_calls(restored, "maya")) == 1
        async with restored.as_user("maya") as connection:
            seen = await (await connection.execute("select distinct user_id from call_turns")).fetchall()
        assert [row["user_id"] for row in seen] == ["maya"]


async def test_the_restored_system_works(
    company: Database, database: TestDatabase, target: TestDatabase, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    file, _ = await back_up(database, tmp_path)
    await restore_database(target.admin_url, file)
    async with Database(target.url) as restored:
        (was,) = await find_articles(company, embedder, [QUESTION], audiences=("everyone",))
        (found,) = await find_articles(restored, embedder, [QUESTION], audiences=("everyone",))
        assert found == was
        assert found.articles[0].article_id == "reset"
        # Numbers go on where they were, and what counts rows counts again.
        call_id = await make_call(restored, "maya")
        await record_turn(restored, call_id=call_id, user_id="maya", turn=turn(1))
        await save_interaction_summary("maya", "again", call_id=call_id, db=restored)
        assert (await get_call(restored, "maya", call_id)).turns[0].text == turn(1).text
        write_article(tmp_path / "more", "more", "More", "Another article about invoices.")
        await ingest(restored, embedder, [tmp_path / "more"])
    ((articles, counted),) = await rows(
        target.admin_url, "select (select count(*) from knowledge_articles), articles from knowledge_statistics"
    )
    assert articles == counted == 3


async def test_it_is_one_moment_although_calls_go_on(
    company: Database, database: TestDatabase, target: TestDatabase, tmp_path: Path
) -> None:
    """A caller comes while the backup waits in the middle: all of them is in it or nothing."""
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        await blocker.execute("lock table call_reservations in access exclusive mode")
        backing_up = asyncio.create_task(back_up(database, tmp_path))

        async def waits() -> bool:
            return bool(await rows(database.admin_url, "select from pg_locks where not granted"))

        await eventually_async(waits, within_s=20, what="the backup waits for the locked table")
        await blocker.execute("insert into user_profiles (user_id) values ('late')")
        await blocker.execute(
            "with r as (insert into call_reservations (user_id, room_name, expires_at, allowed)"
            " values ('late', 'late', now(), '1 minute') returning *)"
            " insert into calls (call_id, user_id, room_name) select call_id, user_id, room_name from r"
        )
        await blocker.commit()
    file, _ = await backing_up
    await restore_database(target.admin_url, file)
    assert await rows(target.admin_url, "select user_id from calls order by 1") == [("leo",), ("maya",)]
    assert await rows(target.admin_url, "select from user_profiles where user_id = 'late'") == []


async def test_an_older_backup_is_brought_to_this_version(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    *older, newest = [migration.version for migration in read_migrations()]
    async with new_database(postgres) as old, new_database(postgres) as new:
        await migrate(old.admin_url, only=frozenset(older))
        async with await psycopg.AsyncConnection.connect(old.admin_url) as connection:
            await connection.execute("insert into user_profiles (user_id) values ('maya')")
        file, manifest = await back_up(old, tmp_path)
        assert newest not in manifest.schema
        await restore_database(new.admin_url, file)
        assert await applied_versions(new.admin_url) == [*older, newest]
        assert await rows(new.admin_url, "select user_id from user_profiles") == [("maya",)]
        # Migrated further already, the same file is refused: its rows would have missed what a migration does to them.
        async with new_database(postgres) as migrated:
            await migrate(migrated.admin_url)
            with pytest.raises(ConfigurationError, match="migrated further than the backup"):
                await restore_database(migrated.admin_url, file)


async def test_a_database_with_rows_is_left_alone(
    company: Database, database: TestDatabase, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    file, _ = await back_up(database, tmp_path)
    before = await content(database.admin_url)
    with pytest.raises(ConfigurationError, match="is not empty"):
        await restore_database(database.admin_url, file)
    assert await content(database.admin_url) == before


def change_a_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes(data)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def rewrite(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The same zip, intact as a zip, with some members changed or left out."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            if (changed := change(name, data)) is not None:
                archive.writestr(name, changed)


def exchange_a_word(file: Path) -> None:
    rewrite(file, lambda name, data: data.replace(b"maya", b"mara") if name.endswith("profiles.copy") else data)


def lose_a_table(file: Path) -> None:
    rewrite(file, lambda name, data: None if name.endswith("call_turns.copy") else data)


def lose_the_manifest(file: Path) -> None:
    rewrite(file, lambda name, data: None if name == MANIFEST else data)


def come_from_the_future(file: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != MANIFEST:
            return data
        manifest = json.loads(data)
        return json.dumps({**manifest, "schema": [*manifest["schema"], "29990101000000"]}).encode()

    rewrite(file, change)


@pytest.mark.parametrize(
    "damage",
    [change_a_byte, cut_off, exchange_a_word, lose_a_table, lose_the_manifest, come_from_the_future, Path.unlink],
)
async def test_what_is_not_a_whole_backup_touches_nothing(
    company: Database, database: TestDatabase, target: TestDatabase, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file, _ = await back_up(database, tmp_path)
    damage(file)
    with pytest.raises(InvalidInputError):
        await restore_database(target.admin_url, file)
    assert await rows(target.admin_url, "select from pg_class where relname = 'user_profiles'") == []


async def test_a_backup_that_fails_leaves_no_file(database: TestDatabase, tmp_path: Path) -> None:
    file, _ = await back_up(database, tmp_path)
    saved = file.read_bytes()
    with pytest.raises(InvalidInputError, match="exists already"):
        await back_up(database, tmp_path)
    assert file.read_bytes() == saved
    with pytest.raises(InvalidInputError, match="could not be written"):
        await back_up(database, tmp_path / "nowhere")
    # The parts' own login would see only what policies show it: nothing is better than half.
    with pytest.raises((ConfigurationError, DBDriverError)):
        await asyncio.to_thread(backup_database, database.url, tmp_path / "half.zip")
    assert os.listdir(tmp_path) == ["saved.zip"]


async def test_an_owner_that_policies_bind_is_told_so(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    name = f"plain_{uuid.uuid4().hex}"
    role = sql.Identifier(name)
    async with new_database(postgres) as database:
        await migrate(database.admin_url)
        await run_as_owner(postgres, sql.SQL("create role {} login password 'plain'").format(role))
        plain = f"postgresql://{name}:plain@{database.admin_url.split('@')[1]}"
        with pytest.raises(ConfigurationError, match="row-level security"):
            await asyncio.to_thread(backup_database, plain, tmp_path / "plain.zip")
    await run_as_owner(postgres, sql.SQL("drop role {}").format(role))


async def test_from_our_own_server_to_supabase_and_back(
    db: Database, database: TestDatabase, supabase: TestDatabase, target: TestDatabase, tmp_path: Path
) -> None:
    """Supabase's owner is no superuser, its extensions lie elsewhere, and others' tables lie beside ours."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    file, manifest = await back_up(database, tmp_path)
    try:
        await restore_database(supabase.url, file)
        async with await psycopg.AsyncConnection.connect(supabase.url) as owner:
            await owner.execute("create table public.theirs (id int)")
        back, again = await back_up(TestDatabase(supabase.url, supabase.url), tmp_path, "supabase.zip")
        assert {table.name: table.sha256 for table in again.tables} == {t.name: t.sha256 for t in manifest.tables}
        await restore_database(target.admin_url, back)
        async with Database(target.url) as restored:
            assert (await get_any_call(restored, call_id)).turns[0].text == turn(1).text
    finally:
        async with await psycopg.AsyncConnection.connect(supabase.admin_url) as owner:
            await owner.execute("drop table if exists public.theirs")
            await owner.execute("truncate user_profiles, agent_workers, procrastinate.procrastinate_jobs cascade")


async def test_on_the_command_line(
    company: Database, database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into the embedded Postgres of a new data directory, where `insta-voice up` would find it."""
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path / "data"))
    saved = await insta_voice(database.admin_url, tmp_path, "db", "backup", "saved.zip")
    assert saved[0] == 0, saved
    assert saved[1].startswith("saved.zip: ")
    restored = await insta_voice("", tmp_path, "db", "restore", "saved.zip")
    assert restored[0] == 0, restored
    assert restored[1].startswith("restored ")
    calls = await insta_voice("", tmp_path, "calls", "list", "--json")
    assert {entry["end_reason"] for entry in json.loads(calls[1])} == {"hung_up"}
    again = await insta_voice("", tmp_path, "db", "restore", "saved.zip")
    assert again[0] == 1
    assert "is not empty" in again[2]
