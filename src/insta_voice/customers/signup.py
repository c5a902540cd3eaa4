"""Who may call: the rule of the installation, applied to everyone who signs in, in one place."""

from typing import Final

from insta_voice.customers.profiles import Profile, read_profile
from insta_voice.db import Database, Queries
from insta_voice.errors import AccountDisabledError, EmailNotVerifiedError, ForbiddenError, NotKnownError
from insta_voice.settings import SignupRule

_QUERIES = Queries.load("insta_voice.customers", "queries.sql")
_REFUSALS: Final[dict[str, type[ForbiddenError]]] = {
    "disabled": AccountDisabledError,
    "email_not_verified": EmailNotVerifiedError,
    "not_known": NotKnownError,
}


async def admit(
    db: Database,
    *,
    user_id: str,
    email: str | None,
    name: str | None,
    email_verified: bool,
    rule: SignupRule,
    domains: tuple[str, ...] = (),
) -> Profile:
    """The profile of a proven identity that may call, made on first sight and refreshed later.

    Raises AccountDisabledError, EmailNotVerifiedError or NotKnownError; who is refused leaves nothing behind. Only a
    verified address counts, for what the company imported and for `domains`.
    """
    values = {
        "user_id": user_id,
        "email": email,
        "name": name,
        "email_verified": email_verified,
        "rule": rule,
        "domains": [domain.lower().removeprefix("@") for domain in domains],
    }
    async with db.as_service() as connection:
        decided = await (await connection.execute(_QUERIES["ensure_profile"], values)).fetchone()
        assert decided is not None
        if refusal := _REFUSALS.get(decided["outcome"]):
            raise refusal
        row = await (await connection.execute(_QUERIES["get_profile"], values)).fetchone()
    assert row is not None
    return read_profile(row)
