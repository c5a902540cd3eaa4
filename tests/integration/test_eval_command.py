"""`insta-voice eval` on a database server: on a scratch database that is gone afterwards, with one verdict."""

import json
from pathlib import Path

import psycopg
import pytest
from tests.support.command import insta_voice
from tests.support.knowledge import write_article
from tests.support.postgres import TestDatabase, on_database

from insta_voice.db.migrations import applied_versions, read_migrations
from insta_voice.errors import ConfigurationError
from insta_voice.evals.scratch import NAME, scratch_database
from insta_voice.stack.postgres import EmbeddedPostgres

SCENARIO = """
about: A question is answered.
persona: Maya, in a hurry.
caller: {name: Maya}
calls:
  - opening:
      say: How do I rent a bicycle?
      answer: {sources: [Rent a bicycle], says: ['WORD']}
"""


async def databases_of(url: str) -> set[str]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        rows = await (await connection.execute("select datname from pg_database")).fetchall()
    return {name for (name,) in rows}


async def test_the_scratch_database_is_migrated_and_gone_afterwards(postgres: EmbeddedPostgres) -> None:
    async with scratch_database(postgres.admin_url) as address:
        assert await applied_versions(address) == [migration.version for migration in read_migrations()]
        assert NAME in await databases_of(postgres.admin_url)
    assert NAME not in await databases_of(postgres.admin_url)


async def test_two_runs_do_not_share_it_and_a_killed_one_leaves_nothing(postgres: EmbeddedPostgres) -> None:
    async with await psycopg.AsyncConnection.connect(postgres.admin_url, autocommit=True) as connection:
        await connection.execute(f"create database {NAME}")  # as one that was killed leaves it
    async with scratch_database(postgres.admin_url):
        with pytest.raises(ConfigurationError, match="Another `insta-voice eval` runs"):
            async with scratch_database(postgres.admin_url):
                pass
        assert NAME in await databases_of(postgres.admin_url)


async def test_a_login_that_may_create_none_is_told_what_to_do(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(ConfigurationError, match="may not create one"):
        async with scratch_database(postgres.url):
            pass


async def test_one_that_fails_is_an_exit_code_and_the_database_is_left_alone(
    database: TestDatabase, tmp_path: Path
) -> None:
    write_article(tmp_path / "articles", "rent", "Rent a bicycle", "To rent a bicycle, choose Rentals and then New.")
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (scenarios / "a.yaml").write_text(SCENARIO.replace("WORD", "rentals"), "utf-8")
    (scenarios / "b.yaml").write_text(SCENARIO.replace("WORD", "helmet"), "utf-8")
    options = ["--articles", str(tmp_path / "articles"), "--mode", "local", "--json"]
    code, output, errors = await insta_voice(database.admin_url, tmp_path, "eval", str(scenarios), *options)
    assert code == 1, errors
    read = json.loads(output)
    first, second = read["conversations"]
    assert (read["mode"], read["passed"]) == ("local", False)
    assert (first["name"], first["missing"]) == ("a", [])
    assert [sentence.split(": ")[0] for sentence in second["missing"]] == [
        "to “How do I rent a bicycle?” /helmet/ was not said"
    ]
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        row = await (await connection.execute("select count(*) from user_profiles")).fetchone()
    assert row == (0,)
    assert NAME not in await databases_of(on_database(database.admin_url, "postgres"))


async def test_a_mode_without_its_setting_is_one_sentence(tmp_path: Path) -> None:
    code, _, errors = await insta_voice("postgresql://nobody@127.0.0.1:9/none", tmp_path, "eval", "--mode", "realtime")
    assert (code, errors) == (1, "insta-voice: VOICE_MODE=realtime needs OPENAI_API_KEY.\n")
