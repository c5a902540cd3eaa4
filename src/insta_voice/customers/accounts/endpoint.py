"""Account facts from the company's own endpoint: one signed question a call. Its contract is docs/account-facts.md."""

import time
from collections.abc import Callable
from typing import Any

from insta_voice.customers.accounts.facts import UNCONFIRMED, allowed, parse_facts
from insta_voice.customers.profiles import get_profile
from insta_voice.db import Database
from insta_voice.errors import AccountUnavailableError, OutgoingError
from insta_voice.outgoing import Reach, Resolver, post_signed, resolve
from insta_voice.settings import AccountSettings

_MAX_ANSWER_BYTES = 64 * 1024  # an account is told in a few dozen facts
_NOT_FOUND = 404


class AccountEndpoint:
    """An AccountSource that asks ACCOUNT_URL."""

    def __init__(
        self,
        db: Database,
        settings: AccountSettings,
        *,
        reach: Reach,
        clock: Callable[[], float] = time.time,
        resolver: Resolver = resolve,
    ) -> None:
        self._db = db
        self._settings = settings
        self._reach = reach
        self._clock = clock
        self._resolver = resolver

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        """What the endpoint tells of `user_id`, with the name and email they sign in with.

        The email is sent only when it is verified: anybody can sign up with somebody else's.
        """
        profile = await get_profile(self._db, user_id)
        if profile is None:
            return None
        facts = await self.ask(user_id, profile.email if profile.email_verified else None)
        waits = not facts and profile.email and not profile.email_verified
        return {"name": profile.name, **facts, "email": profile.email, **({UNCONFIRMED: True} if waits else {})}

    async def ask(self, user_id: str, email: str | None) -> dict[str, Any]:
        """The allowed facts; empty for somebody the endpoint does not know. AccountUnavailableError."""
        settings = self._settings
        assert settings.url is not None, "checked at start"
        assert settings.secret is not None, "checked at start"
        try:
            answer = await post_signed(
                settings.url,
                {"user_id": user_id, "email": email},
                secret=settings.secret.get_secret_value(),
                timestamp=str(int(self._clock())),
                timeout_s=settings.timeout_s,
                reach=self._reach,
                answer_bytes=_MAX_ANSWER_BYTES,
                resolver=self._resolver,
            )
        except OutgoingError as error:
            raise AccountUnavailableError(detail=f"the account endpoint: {error.detail}") from error
        if answer.status == _NOT_FOUND:
            return {}
        if not answer.is_success:
            raise AccountUnavailableError(detail=f"the account endpoint: HTTP {answer.status}")
        return allowed(parse_facts(answer.content), settings.fields)
