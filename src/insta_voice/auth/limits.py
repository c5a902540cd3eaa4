"""How often what costs something may be asked for: join tokens per user and per network address, and all that is
stored about a person; counted in the database."""

import math
from typing import Final

from insta_voice.auth.addresses import limit_key
from insta_voice.db import Database, Queries
from insta_voice.errors import RateLimitedError
from insta_voice.settings import AccessSettings

_QUERIES = Queries.load("insta_voice.auth", "limits.sql")
_PERIOD_S: Final = 60.0  # LIMIT_TOKENS_PER_MINUTE and its sibling count in minutes
_EXPORTS_PER_MINUTE: Final = 30  # a page that is opened again and again; each reads up to three months of calls


async def take_token_request(db: Database, *, user_id: str, address: str, limits: AccessSettings) -> None:
    """Count this request against the user's and the address's limit, in one statement that holds under races.

    Raises RateLimitedError with the seconds to wait when either is used up; then neither is counted.
    """
    await _take(
        db,
        user_id,
        {
            f"token:user:{user_id}": limits.tokens_per_minute,
            f"token:address:{limit_key(address)}": limits.tokens_per_minute_per_address,
        },
    )


async def take_export_request(db: Database, *, user_id: str) -> None:
    """Count a request for everything stored about `user_id`; RateLimitedError beyond thirty a minute."""
    await _take(db, user_id, {f"export:user:{user_id}": _EXPORTS_PER_MINUTE})


async def _take(db: Database, user_id: str, allowed: dict[str, int]) -> None:
    values = {"subjects": list(allowed), "allowed": list(allowed.values()), "period_s": _PERIOD_S}
    async with db.as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["take_from_limits"], values)).fetchone()
    if row is None:
        raise AssertionError("a function without rows")
    if row["wait_s"] > 0:
        raise RateLimitedError(retry_after_s=math.ceil(row["wait_s"]))
