"""Promise 6: turns of a call have gapless, unique, rising numbers; a replayed event changes nothing."""

import asyncio
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from tests.support.postgres import TestDatabase
from tests.support.records import make_call, turn

from insta_voice.calls import close_call, get_call, record_turn
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError


async def numbers(db: Database, call_id: UUID) -> list[int]:
    return [said.number for said in (await get_call(db, "maya", call_id)).turns]


@pytest.mark.parametrize("first", [0, 2, -1, 7])
async def test_a_call_begins_with_turn_one(db: Database, first: int) -> None:
    call_id = await make_call(db)
    with pytest.raises(InvalidInputError):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(first))
    assert await numbers(db, call_id) == []


async def test_a_gap_is_refused_and_the_missing_turn_taken(db: Database) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    with pytest.raises(InvalidInputError):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(3))
    for number in (2, 3):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(number))
    assert await numbers(db, call_id) == [1, 2, 3]


async def test_a_replay_changes_nothing(db: Database) -> None:
    call_id = await make_call(db)
    said = [turn(number, f"said {number}") for number in (1, 2)]
    for one in said:
        await record_turn(db, call_id=call_id, user_id="maya", turn=one)
    before = await get_call(db, "maya", call_id)
    for one in said:
        again = replace(one, text="said something else", number=one.number + 1)
        assert await record_turn(db, call_id=call_id, user_id="maya", turn=again) == one.number
    assert await get_call(db, "maya", call_id) == before


async def test_another_turn_of_a_taken_number_is_kept_under_the_next(db: Database) -> None:
    """An agent that lost the database for six seconds, and the one the watcher brought, both number from the last turn.

    The second to write was taken for a replay: what it had heard was lost."""
    call_id = await make_call(db)
    first, second = [turn(n, f"the first: {n}") for n in (1, 2)], [turn(n, f"the second: {n}") for n in (1, 2, 3)]
    given = [
        await record_turn(db, call_id=call_id, user_id="maya", turn=one)
        for one in (first[0], second[0], second[1], first[1], second[2])
    ]
    assert given == [1, 2, 3, 4, 5]
    kept = (await get_call(db, "maya", call_id)).turns
    assert [(one.number, one.text) for one in kept] == [
        (1, "the first: 1"),
        (2, "the second: 1"),
        (3, "the second: 2"),
        (4, "the first: 2"),
        (5, "the second: 3"),
    ]


async def test_agents_that_write_at_once_lose_nothing(db: Database) -> None:
    call_id = await make_call(db)
    given = await asyncio.gather(
        *(record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, f"by {n}")) for n in range(10))
    )
    assert sorted(given) == await numbers(db, call_id) == list(range(1, 11))
    assert {one.text for one in (await get_call(db, "maya", call_id)).turns} == {f"by {n}" for n in range(10)}


async def test_the_same_turn_written_at_once_is_one_turn(db: Database) -> None:
    call_id = await make_call(db)
    said = turn(1)
    given = await asyncio.gather(
        *(record_turn(db, call_id=call_id, user_id="maya", turn=replace(said, text=f"by {n}")) for n in range(10))
    )
    assert given == [1] * 10
    assert await numbers(db, call_id) == [1]


async def test_what_was_on_its_way_at_the_end_is_still_written(db: Database) -> None:
    call_id = await make_call(db)
    await close_call(db, call_id=call_id, reason="hung_up")
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    assert await numbers(db, call_id) == [1]


async def test_the_database_itself_refuses_a_second_turn_of_a_number(db: Database, database: TestDatabase) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        with pytest.raises(psycopg.errors.UniqueViolation):
            await owner.execute("insert into call_turns select * from call_turns")
