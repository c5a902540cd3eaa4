"""What `up` asks of a database of one's own before it starts: a sentence instead of parts that wait for ever."""

import pytest
from psycopg import sql
from tests.support.postgres import TestDatabase, free_port, on_database, run_as_owner
from tests.support.settings import complete_settings

from insta_voice.doctor.preflight import refuse_unready_database
from insta_voice.errors import ConfigurationError
from insta_voice.stack.postgres import EmbeddedPostgres


async def test_a_database_that_is_not_there_is_named() -> None:
    url = f"postgresql://u:p@127.0.0.1:{free_port()}/none"
    with pytest.raises(ConfigurationError, match="Nothing listens at the host and port of DATABASE_URL"):
        await refuse_unready_database(complete_settings(DATABASE_URL=url), url)


async def test_a_database_without_our_tables_says_how_to_prepare_it(postgres: EmbeddedPostgres) -> None:
    await run_as_owner(postgres, sql.SQL("create database unprepared"))
    url = on_database(postgres.admin_url, "unprepared")
    with pytest.raises(ConfigurationError, match="insta-voice db migrate"):
        await refuse_unready_database(complete_settings(DATABASE_URL=url), url)


async def test_a_prepared_one_is_taken(database: TestDatabase) -> None:
    await refuse_unready_database(complete_settings(DATABASE_URL=database.url), database.url)
