"""Account facts as they were imported into the profile."""

from collections.abc import Sequence
from typing import Any

from insta_voice.customers.accounts.facts import allowed
from insta_voice.customers.profiles import get_user_account_info_from_db
from insta_voice.db import Database


class StoredAccounts:
    """An AccountSource. `fields` names the facts that may be used; empty means all of them."""

    def __init__(self, db: Database, fields: Sequence[str] = ()) -> None:
        self._db = db
        self._fields = tuple(fields)

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        """The profile's facts with name, email and plan."""
        account = await get_user_account_info_from_db(user_id, db=self._db)
        if account is None:
            return None
        whose = {key: account.pop(key) for key in ("name", "email", "plan")}
        return {**allowed(account, self._fields or tuple(account)), **whose}
