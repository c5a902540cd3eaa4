"""What was promised and is not done: tickets nobody has got, erasures, summaries, and jobs that have given up."""

from typing import Final

from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.doctor.database import QUERIES
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "jobs"
AGAIN: Final = "Each is tried again every hour; the log of insta-voice jobs says why it fails."


async def check_left_undone(_: Surroundings, db: Database) -> list[Finding]:
    """An hour is long for each of them: all are done within a second when nothing is wrong."""
    async with db.as_service() as connection:
        row = await (await connection.execute(QUERIES["left_undone"])).fetchone()
    assert row is not None
    found = []
    if row["tickets"]:
        found.append(
            problem(
                PART,
                f"{row['tickets']} tickets have not reached your team for more than an hour.",
                f"Send them now, and see what is wrong: {command('tickets deliver')}",
            )
        )
    if row["erasures"]:
        found.append(
            problem(PART, f"{row['erasures']} erasures were asked for more than an hour ago and are not done.", AGAIN)
        )
    if row["summaries"]:
        found.append(warning(PART, f"{row['summaries']} calls ended more than an hour ago and have no summary.", AGAIN))
    if row["given_up"]:
        names = ", ".join(row["given_up"])
        found.append(
            warning(
                PART,
                f"Jobs have given up since yesterday: {names}.",
                "The log of insta-voice jobs says why they failed.",
            )
        )
    return found or [ok(PART, "Nothing that was promised is left undone.")]
