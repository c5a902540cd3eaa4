"""The profile of a signed-in person, and the facts about their account that a support answer needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from psycopg.types.json import Jsonb

from insta_voice.db import Database, Queries, current_database
from insta_voice.errors import NotFoundError

Role = Literal["customer", "support", "admin"]

_QUERIES = Queries.load("insta_voice.customers", "queries.sql")
_FIRST_PLAN = "free"  # of a new profile in the database


@dataclass(frozen=True, slots=True)
class Profile:
    """One person. `user_id` is the Firebase uid; `account` holds facts such as seats, last_invoice, renews_on."""

    user_id: str
    email: str | None
    name: str | None
    plan: str
    role: Role
    account: Mapping[str, Any]
    disabled: bool
    created_at: datetime
    email_verified: bool

    @property
    def is_unproven(self) -> bool:
        """Whether nothing is known of them but what they say: an address that is not confirmed brings nothing, and the
        plan is the one that everybody begins with."""
        return not self.email_verified and not self.account and self.plan == _FIRST_PLAN


async def get_profile(db: Database, user_id: str) -> Profile | None:
    """The profile of `user_id`, or None for someone who has never signed in."""
    async with db.as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["get_profile"], {"user_id": user_id})).fetchone()
    return None if row is None else read_profile(row)


async def get_user_account_info_from_db(user_id: str, *, db: Database | None = None) -> dict[str, Any] | None:
    """Name, email, plan and the account facts of `user_id` in one mapping; None for someone unknown."""
    profile = await get_profile(db or current_database(), user_id)
    if profile is None:
        return None
    return {**profile.account, "name": profile.name, "email": profile.email, "plan": profile.plan}


async def import_profile(
    db: Database,
    *,
    user_id: str,
    email: str | None,
    name: str | None,
    plan: str = "free",
    role: Role = "customer",
    account: Mapping[str, Any] | None = None,
) -> None:
    """Write a whole profile, role and account facts included: for demo people and imports, not for sign-in."""
    values = {"user_id": user_id, "email": email, "name": name, "plan": plan, "role": role}
    async with db.as_service() as connection:
        await connection.execute(_QUERIES["import_profile"], {**values, "account": Jsonb(dict(account or {}))})


async def set_role(db: Database, user_id: str, role: Role) -> None:
    """Make someone a customer, support or an administrator; NotFoundError for someone unknown."""
    async with db.as_service() as connection:
        changed = await connection.execute(_QUERIES["set_role"], {"user_id": user_id, "role": role})
    if changed.rowcount == 0:
        raise NotFoundError


async def set_disabled(db: Database, user_id: str, disabled: bool) -> None:
    """Close an account or open it again; running calls notice at their next heartbeat."""
    async with db.as_service() as connection:
        changed = await connection.execute(_QUERIES["set_disabled"], {"user_id": user_id, "disabled": disabled})
    if changed.rowcount == 0:
        raise NotFoundError


def read_profile(row: Mapping[str, Any]) -> Profile:
    """A profile from its row."""
    return Profile(
        user_id=row["user_id"],
        email=row["email"],
        name=row["name"],
        plan=row["plan"],
        role=cast(Role, row["role"]),
        account=row["account_facts"],
        disabled=row["disabled"],
        created_at=row["created_at"],
        email_verified=row["email_verified"],
    )
