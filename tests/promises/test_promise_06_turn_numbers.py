"""Promise 6: turns of a call have gapless, unique, rising numbers; a replayed event changes nothing."""

import asyncio
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
    for number in (1, 2):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(number, f"said {number}"))
    before = await get_call(db, "maya", call_id)
    for number in (1, 2):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(number, "said something else"))
    assert await get_call(db, "maya", call_id) == before


async def test_the_same_turn_written_at_once_is_one_turn(db: Database) -> None:
    call_id = await make_call(db)
    await asyncio.gather(
        *(record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, f"by {n}")) for n in range(10))
    )
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
