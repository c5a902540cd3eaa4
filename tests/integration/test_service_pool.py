"""Connections for code that takes plain ones: each as insta_jobs, in a transaction, whoever had it before."""

import pytest

from insta_voice.db.database import PatientConnection
from insta_voice.db.service_pool import ServicePool


async def test_each_comes_with_its_role_and_in_a_transaction(database_url: str) -> None:
    async with ServicePool(database_url, max_size=1) as pool:
        for _ in range(2):
            async with pool.connection() as connection:
                row = await (
                    await connection.execute("select current_user, current_setting('search_path') as path")
                ).fetchone()
            assert row is not None
            assert row["current_user"] == "insta_jobs"
            assert "procrastinate" in row["path"]


async def test_none_is_out_of_a_transaction_while_it_is_asked_whether_it_lives(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is cancelled meanwhile would leave it so, and the next one's statements had no role."""
    switched: list[bool] = []

    async def set_autocommit(self: object, value: bool) -> None:
        switched.append(value)

    async with ServicePool(database_url, max_size=1) as pool:
        monkeypatch.setattr(PatientConnection, "set_autocommit", set_autocommit)
        for _ in range(2):
            async with pool.connection() as connection:
                await connection.execute("select 1")
    assert switched == []
