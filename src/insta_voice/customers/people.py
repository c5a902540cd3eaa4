"""Whom the company knows by e-mail address: imported, given a role, locked out, before or after they first sign in.

What is said here reaches a profile whose address is verified; a lock reaches every profile with that address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from insta_voice.customers.profiles import Role
from insta_voice.db import Database, Queries
from insta_voice.errors import NotFoundError

_QUERIES = Queries.load("insta_voice.customers", "people.sql")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person of an import. None says nothing about that field; facts replace those known before."""

    email: str
    name: str | None = None
    plan: str | None = None
    account_facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, counted in people."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list of people. `user_id` and `last_seen_at` are None for one who has not signed in yet."""

    email: str | None
    user_id: str | None
    name: str | None
    role: Role
    plan: str
    disabled: bool
    email_verified: bool
    last_seen_at: datetime | None


async def import_people(db: Database, people: Sequence[KnownPerson], *, with_facts: bool) -> Imported:
    """Make known what `people` says, all of it or nothing; again, it changes nothing.

    Without `with_facts`, facts known before stay. Addresses must differ (DataRefusedError otherwise).
    """
    values = {"people": Jsonb([asdict(person) for person in people]), "with_facts": with_facts}
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_people"])
        row = await (await connection.execute(_QUERIES["import_people"], values)).fetchone()
        await connection.execute(_QUERIES["apply_import"], values)
    assert row is not None
    return Imported(row["added"], row["changed"], len(people) - row["added"] - row["changed"])


async def list_people(db: Database, *, limit: int) -> tuple[list[Person], int]:
    """The first `limit` people, those seen last first, and how many there are."""
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["list_people"], {"limit": limit})).fetchall()
        total = await (await connection.execute(_QUERIES["count_people"])).fetchone()
    assert total is not None
    return [Person(**row) for row in rows], total["people"]


async def give_role(db: Database, email: str, role: Role) -> bool:
    """Give whoever has this verified address a role, now or when they first sign in. True when somebody has it now."""
    values = {"email": email, "role": role}
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_people"])
        await connection.execute(_QUERIES["give_role"], values)
        return (await connection.execute(_QUERIES["give_role_now"], values)).rowcount > 0


async def lock_out(db: Database, email: str, *, disabled: bool) -> None:
    """Disable everyone with this address, or open their account again; NotFoundError when nobody has it.

    Takes effect with the next request, and in a running call with its agent's next heartbeat.
    """
    values = {"email": email, "disabled": disabled}
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["lock_people"])
        if await (await connection.execute(_QUERIES["find_anyone"], values)).fetchone() is None:
            raise NotFoundError
        await connection.execute(_QUERIES["lock_out"], values)
        await connection.execute(_QUERIES["lock_out_now"], values)
