"""Where account facts come from: the port, and which of its two implementations the settings name."""

from typing import Any, Protocol

from insta_voice.customers.accounts.endpoint import AccountEndpoint
from insta_voice.customers.accounts.stored import StoredAccounts
from insta_voice.db import Database
from insta_voice.outgoing import usual_reach
from insta_voice.settings import Settings


class AccountSource(Protocol):
    """Knows the accounts of callers."""

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        """Facts by their names, `name` and `email` among them; None for somebody who never signed in.

        Values are text, numbers, booleans, lists of those, or one mapping deep. InstaVoiceError, retryable, when
        it cannot be told now.
        """
        ...


def account_source(db: Database, settings: Settings) -> AccountSource:
    """The company's endpoint where ACCOUNT_URL is set, else what was imported."""
    account = settings.account
    if not account.url:
        return StoredAccounts(db, account.fields)
    reach = "private" if account.allow_private else usual_reach(settings)
    return AccountEndpoint(db, account, reach=reach)
