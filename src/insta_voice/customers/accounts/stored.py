"""Account facts as they were imported into the profile."""

from collections.abc import Sequence
from typing import Any

from insta_voice.customers.accounts.facts import UNCONFIRMED, allowed
from insta_voice.customers.profiles import get_profile
from insta_voice.db import Database


class StoredAccounts:
    """An AccountSource. `fields` names the facts that may be used; empty means all of them."""

    def __init__(self, db: Database, fields: Sequence[str] = ()) -> None:
        self._db = db
        self._fields = tuple(fields)

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        """The profile's facts with name, email and plan. Of somebody unproven the plan is not told: it is nobody's."""
        profile = await get_profile(self._db, user_id)
        if profile is None:
            return None
        whose = {"name": profile.name, "email": profile.email}
        if profile.is_unproven:
            return {**whose, UNCONFIRMED: True} if profile.email else whose
        facts = {key: value for key, value in profile.account.items() if key not in ("name", "email", "plan")}
        return {**allowed(facts, self._fields or tuple(facts)), **whose, "plan": profile.plan}
