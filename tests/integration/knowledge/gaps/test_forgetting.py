"""Promises 34 and 35 for gaps: a person's questions go with them, a call's with it, a gap with its last question."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.support.gaps import NOW, asked_in_vain, gaps, held_call, until_waiting
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.gaps import find_gaps, get_gap
from insta_voice.privacy import erase_call, erase_person, export_person, forget_old_calls

MAYAS, LEOS = "do you sell shoes", "do you sell sneakers and shoes"
KEEP = timedelta(days=90)


async def rows(database: TestDatabase) -> list[tuple[int, int]]:
    """How many gaps and questions of gaps there are, whoever may see them."""
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        counted = await owner.execute(
            "select (select count(*) from knowledge_gaps), (select count(*) from gap_questions)"
        )
        return list(await counted.fetchall())


async def centres(database: TestDatabase) -> list[str]:
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        found = await owner.execute("select centre::text from knowledge_gaps order by gap_id")
        return [str(row[0]) for row in await found.fetchall()]


async def out_of_the_middle(database: TestDatabase) -> int:
    """How many gaps have a centre that is not the mean of their questions."""
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        counted = await owner.execute(
            "select count(*) from knowledge_gaps g where centre <=>"
            " (select avg(q.embedding) from gap_questions q where q.gap_id = g.gap_id) > 1e-6"
        )
        [row] = await counted.fetchall()
        return int(row[0])


async def test_an_erased_persons_questions_go_and_the_others_stay(
    db: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(db, embedder, [LEOS], user_id="leo")
    [leos_alone] = await centres(database)
    await asked_in_vain(db, embedder, [MAYAS, "does it work offline"])
    assert await rows(database) == [(2, 3)]
    assert leos_alone not in await centres(database)
    await erase_person(db, user_id="maya", requested_by="person")
    assert await rows(database) == [(1, 1)]
    [gap] = await gaps(db)
    assert (gap.question, gap.calls) == (LEOS, 1)
    assert await centres(database) == [leos_alone], "what was erased has no part in where a gap lies"
    await erase_person(db, user_id="leo", requested_by="operator")
    assert await rows(database) == [(0, 0)]


async def test_a_deleted_calls_questions_go_with_it(
    db: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    first, second = await asked_in_vain(db, embedder, [MAYAS, MAYAS])
    await erase_call(db, user_id="maya", call_id=first)
    [gap] = await gaps(db)
    _, [left] = await get_gap(db, gap.gap_id, now=NOW)
    assert left.call_id == second
    await erase_call(db, user_id="maya", call_id=second)
    assert await rows(database) == [(0, 0)]


@pytest.mark.parametrize("others", [[], [LEOS]], ids=["the gap's last question", "one of two"])
async def test_a_question_that_comes_while_another_goes_stays(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, others: list[str]
) -> None:
    goes, *_ = await asked_in_vain(db, embedder, [MAYAS, *others])
    comes = await held_call(db, MAYAS)
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        # the last that finding does is to note in the call that it is done: the question is in its gap by then
        await blocker.execute("select from calls where call_id = %s for no key update", [comes])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(find_gaps(db, embedder, comes, language="en"), name="finds")
            await until_waiting(blocker, 1)
            tasks.create_task(erase_call(db, user_id="maya", call_id=goes), name="erases")
            await until_waiting(blocker, 2)
            await blocker.rollback()
    assert await rows(database) == [(1, 1 + len(others))]
    assert await out_of_the_middle(database) == 0


async def test_questions_that_come_in_another_order_than_they_go_wait_for_nobody_who_waits_for_them(
    db: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    offline = "does it work offline"
    goes, comes = await held_call(db, MAYAS, offline), await held_call(db, offline, MAYAS)
    await find_gaps(db, embedder, goes, language="en")
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        await blocker.execute("select from knowledge_gaps order by gap_id limit 1 for update")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(erase_call(db, user_id="maya", call_id=goes), name="erases")
            await until_waiting(blocker, 1)
            tasks.create_task(find_gaps(db, embedder, comes, language="en"), name="finds")
            await until_waiting(blocker, 2)
            await blocker.rollback()
    assert await rows(database) == [(2, 2)]


async def test_retention_takes_them_with_their_calls(
    db: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(db, embedder, [MAYAS, LEOS])
    now = datetime.now(UTC)
    await forget_old_calls(db, now=now + KEEP - timedelta(hours=1), keep=KEEP)
    assert [gap.calls for gap in await gaps(db)] == [2]
    await forget_old_calls(db, now=now + KEEP + timedelta(hours=1), keep=KEEP)
    assert await rows(database) == [(0, 0)]


async def test_the_owner_who_deletes_by_hand_leaves_no_empty_gap(
    db: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(db, embedder, [MAYAS])
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("delete from user_profiles")
    assert await rows(database) == [(0, 0)]


async def test_a_persons_export_says_which_of_their_questions_were_in_vain(
    db: Database, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(db, embedder, [MAYAS])
    export = await export_person(db, "maya", retention=None)
    [call] = export["calls"]
    question, answer = call["turns"]
    assert (question["in_vain"], answer["in_vain"]) == ([], [{"part": 0, "causes": ["no_answer"]}])
    assert answer["searches"][0]["question"] == MAYAS
    assert call["gaps_found_at"] is not None
