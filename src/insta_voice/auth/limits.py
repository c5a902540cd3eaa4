"""How often a join token may be asked for: per user and per network address, counted in the database."""

import math
from typing import Final

from insta_voice.auth.addresses import limit_key
from insta_voice.db import Database, Queries
from insta_voice.errors import RateLimitedError
from insta_voice.settings import AccessSettings

_QUERIES = Queries.load("insta_voice.auth", "limits.sql")
_PERIOD_S: Final = 60.0  # LIMIT_TOKENS_PER_MINUTE and its sibling count in minutes


async def take_token_request(db: Database, *, user_id: str, address: str, limits: AccessSettings) -> None:
    """Count this request against the user's and the address's limit, in one statement that holds under races.

    Raises RateLimitedError with the seconds to wait when either is used up; then neither is counted.
    """
    async with db.as_user(user_id) as connection:
        cursor = await connection.execute(
            _QUERIES["take_from_limits"],
            {
                "subjects": [f"token:user:{user_id}", f"token:address:{limit_key(address)}"],
                "allowed": [limits.tokens_per_minute, limits.tokens_per_minute_per_address],
                "period_s": _PERIOD_S,
            },
        )
        row = await cursor.fetchone()
    if row is None:
        raise AssertionError("a function without rows")
    if row["wait_s"] > 0:
        raise RateLimitedError(retry_after_s=math.ceil(row["wait_s"]))
