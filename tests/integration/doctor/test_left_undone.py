"""Doctor does not say that all is well while callers wait for what they were promised."""

from tests.support.doctor import said, surroundings
from tests.support.left_undone import give_up, leave_undone

from insta_voice.db import Database
from insta_voice.doctor.left_undone import check_left_undone


async def examined(db: Database) -> list[str]:
    return said(await check_left_undone(surroundings({}), db)).splitlines()


async def test_what_is_on_its_way_is_no_finding(db: Database) -> None:
    await leave_undone(db, age="50 minutes")
    assert await examined(db) == ["ok: Nothing that was promised is left undone. | "]


async def test_each_has_its_sentence_whether_or_not_a_job_is_still_at_it(db: Database) -> None:
    await leave_undone(db, age="61 minutes")
    found = await examined(db)
    assert [line.partition(" | ")[0] for line in found] == [
        "problem: 1 tickets have not reached your team for more than an hour.",
        "problem: 1 erasures were asked for more than an hour ago and are not done.",
        "warning: 1 calls ended more than an hour ago and have no summary.",
    ]
    await give_up(db)
    assert (await examined(db))[3].startswith(
        "warning: Jobs have given up since yesterday: deliver_ticket, erase_person, find_gaps, summarize_call. |"
    )
