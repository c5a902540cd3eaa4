"""What the database tells about the rest: people, the workers, and whether the clocks agree."""

import time
from typing import Final

from insta_voice.auth.demo_people import demo_people_in
from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.doctor.database import QUERIES
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PEOPLE: Final = "people"
HEARD_WITHIN_S: Final = 15.0  # three heartbeats of a worker, what the API takes for ready too
SKEW_S: Final = 10.0  # what sign-ins may differ by, see auth.id_token.CLOCK_SKEW_S


async def check_people(surroundings: Surroundings, db: Database) -> list[Finding]:
    """Could anybody call, and is anybody there who may administer."""
    if surroundings.settings.firebase.project_id is None:
        return []  # the demo's people
    found = []
    if demo := await demo_people_in(db):
        sentence = f"{len(demo)} people of the demo company are in this database, an admin among them."
        mend = f"Remove them: {command('users erase ada@tidewater.example')}, and the others"
        found.append(problem(PEOPLE, sentence, mend) if surroundings.is_production else warning(PEOPLE, sentence, mend))
    async with db.as_service() as connection:
        row = await (await connection.execute(QUERIES["people"])).fetchone()
    assert row is not None
    if not row["known"] and surroundings.settings.signup_rule == "known":
        found.append(
            warning(
                PEOPLE,
                "Nobody may call yet, not even you: SIGNUP is known, and nobody is.",
                f"Run {command('users role you@example.com admin')}, then {command('users import customers.csv')}",
            )
        )
    elif not row["admins"]:
        found.append(
            warning(PEOPLE, "Nobody is admin yet.", f"Make yourself one: {command('users role you@example.com admin')}")
        )
    return found or [ok(PEOPLE, f"{row['known']} people are known, {row['admins']} of them admins.")]


async def check_agents(surroundings: Surroundings, db: Database) -> list[Finding]:
    """Would a call made now be answered."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(QUERIES["workers"])).fetchall()
    alive = [row for row in rows if row["silent_s"] <= HEARD_WITHIN_S]
    if alive:
        held, places = sum(row["calls"] for row in alive), sum(row["capacity"] for row in alive)
        return [ok("agent", f"The agent answers calls: {held} of {places} places are taken (workers: {len(alive)}).")]
    if surroundings.up is None and surroundings.is_supervised:
        return [
            warning("agent", "insta-voice up is not running here, so nobody can call.", f"Start it: {command('up')}")
        ]
    if rows:
        minutes = rows[0]["silent_s"] / 60
        return [
            problem(
                "agent",
                f"No agent worker answers: the last was heard of {minutes:.0f} minutes ago.",
                f"Look at its log, and start it again: {command('worker')}",
            )
        ]
    return [
        warning("agent", "No agent worker has registered yet, so calls would ring.", f"Start one: {command('worker')}")
    ]


async def check_jobs(surroundings: Surroundings, db: Database) -> list[Finding]:
    """Are summaries written and tickets delivered."""
    async with db.as_service() as connection:
        workers = await (await connection.execute(QUERIES["job_workers"])).fetchone()
        jobs = await (await connection.execute(QUERIES["late_jobs"])).fetchone()
    assert workers is not None
    assert jobs is not None
    if workers["alive"]:
        if jobs["late"]:
            return [
                warning(
                    "jobs",
                    f"{jobs['late']} jobs have waited for more than five minutes.",
                    f"Start another: {command('jobs')}",
                )
            ]
        return [ok("jobs", "A job worker writes summaries and delivers tickets.")]
    if surroundings.up is None and surroundings.is_supervised:
        return []  # said of the agent already
    return [
        warning(
            "jobs",
            "No job worker is at work: summaries and tickets wait.",
            f"Look at its log, or start: {command('jobs')}",
        )
    ]


async def check_database_clock(surroundings: Surroundings, db: Database) -> list[Finding]:
    """Do this machine and the database agree on the time."""
    async with db.as_service() as connection:
        asked = time.time()
        row = await (await connection.execute(QUERIES["look"])).fetchone()
        answered = time.time()
    assert row is not None
    skew_s = float(row["clock"]) - (asked + answered) / 2
    if abs(skew_s) - (answered - asked) > SKEW_S:
        return [
            problem(
                "clock",
                f"This machine's clock and the database's differ by {abs(skew_s):.0f} s: sign-ins and limits go wrong.",
                "Switch time synchronisation on: timedatectl set-ntp true",
            )
        ]
    return [ok("clock", "This machine's clock and the database's agree.")]
