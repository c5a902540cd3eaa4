"""The database itself: does it let us in, is it new enough, prepared, and may our login do its work."""

from typing import Final

import psycopg
from psycopg.rows import dict_row

from insta_voice.command import command
from insta_voice.db import Queries
from insta_voice.db.migrations import applied_versions, read_migrations
from insta_voice.doctor.database_refusal import explain
from insta_voice.doctor.findings import Finding, has_problem, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "database"
QUERIES: Final = Queries.load("insta_voice.doctor", "database.sql")
OLDEST: Final = 150000  # Postgres 15, as its server_version_num says it
OLDEST_VECTOR: Final = (0, 8)  # the first pgvector with hnsw.iterative_scan, without which a filtered search loses rows
CONNECT_TIMEOUT_S: Final = 5
ROLES: Final = ("insta_app", "insta_jobs")

Connection = psycopg.AsyncConnection[dict[str, object]]


async def check_database(surroundings: Surroundings, url: str) -> list[Finding]:
    """Everything about the server, over one connection."""
    try:
        connection = await psycopg.AsyncConnection.connect(
            url, autocommit=True, prepare_threshold=None, connect_timeout=CONNECT_TIMEOUT_S, row_factory=dict_row
        )
        async with connection:
            found = [*await _server(connection, surroundings), *await _extensions(connection)]
            roles = await _roles(connection)
    except psycopg.Error as error:
        return [explain(error)]
    return [*found, *roles, *([] if has_problem(roles) else await _migrations(url))]


async def _server(connection: Connection, surroundings: Surroundings) -> list[Finding]:
    row = await (await connection.execute(QUERIES["look"])).fetchone()
    assert row is not None, "one row, always"
    name = str(row["version_name"]).split(" ", 1)[0]
    if int(str(row["version"])) < OLDEST:
        return [
            problem(
                PART,
                f"Postgres {name} is too old: 15 or newer is needed.",
                "Upgrade it; on Supabase under Project settings, Infrastructure.",
            )
        ]
    found = [ok(PART, f"Postgres {name} answers.")]
    if row["superuser"] and surroundings.settings.database.url:
        found.append(
            warning(
                PART,
                "DATABASE_URL's login is a superuser: whoever takes a part over has the whole server.",
                "Make insta_login as docs/database.md shows, and use the superuser for migrations only.",
            )
        )
    return found


async def _extensions(connection: Connection) -> list[Finding]:
    found = []
    for row in await (await connection.execute(QUERIES["extensions"])).fetchall():
        name, installed, available = str(row["name"]), row["installed"], row["available"]
        if not installed and not available:
            found.append(
                problem(
                    PART,
                    f"The extension {name} is not available on this server.",
                    "Install it there (vector: the package pgvector; the others: postgresql-contrib).",
                )
            )
        elif name == "vector" and _version(str(installed or available)) < OLDEST_VECTOR:
            found.append(
                problem(
                    PART,
                    f"pgvector {installed or available} is too old: 0.8 or newer is needed.",
                    "Upgrade the package, then run: alter extension vector update.",
                )
            )
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in text.split(".")[:2] if piece.isdigit())


async def _migrations(url: str) -> list[Finding]:
    wanted = {migration.version for migration in read_migrations()}
    applied = set(await applied_versions(url))
    mend = f"With the owner's DATABASE_URL: {command('db migrate')}"
    if wanted and not wanted & applied:
        return [problem(PART, "The database has not been prepared yet.", mend)]
    if missing := len(wanted - applied):
        return [problem(PART, f"The database lacks {missing} of our {len(wanted)} migrations.", mend)]
    if newer := len({version for version in applied - wanted if version > max(wanted)}):
        return [
            warning(
                PART,
                f"The database holds {newer} migrations that this version does not know: it was used by a newer one.",
                f"Install the newer version, or look whose migrations they are: {command('db status')}",
            )
        ]
    return [ok(PART, f"All {len(wanted)} migrations are applied.")]


async def _roles(connection: Connection) -> list[Finding]:
    for role in ROLES:
        try:
            async with connection.transaction(force_rollback=True):
                await connection.execute(QUERIES["become"], {"role": role})
        except psycopg.errors.InvalidParameterValue:
            return []  # there is no such role: the migrations make it
        except psycopg.errors.InsufficientPrivilege:
            return [
                problem(
                    PART,
                    f"DATABASE_URL's login may not become {role}, as which our parts work.",
                    "As the owner: grant insta_app, insta_jobs to <login>;",
                )
            ]
    return [ok(PART, "The login may become insta_app and insta_jobs.")]
