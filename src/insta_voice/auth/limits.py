"""How often what costs something may be asked for: join tokens per user and per network address, and all that is
stored about a person; counted in the database, which is told no name and no address.
"""

import hashlib
import hmac
import math
from typing import Final

from insta_voice.auth.addresses import limit_key
from insta_voice.auth.livekit.keys import server_keys
from insta_voice.db import Database, Queries
from insta_voice.errors import RateLimitedError
from insta_voice.settings import Settings

_QUERIES = Queries.load("insta_voice.auth", "limits.sql")
_PERIOD_S: Final = 60.0  # LIMIT_TOKENS_PER_MINUTE and its sibling count in minutes
_EXPORTS_PER_MINUTE: Final = 30  # a page that is opened again and again; each reads up to three months of calls


async def take_token_request(db: Database, settings: Settings, *, user_id: str, address: str) -> None:
    """Count this request against the user's and the address's limit, in one statement that holds under races.

    Raises RateLimitedError with the seconds to wait when either is used up; then neither is counted.
    """
    allowed = {
        f"token:user:{user_id}": settings.limits.tokens_per_minute,
        f"token:address:{limit_key(address)}": settings.limits.tokens_per_minute_per_address,
    }
    await _take(db, settings, user_id, allowed)


async def take_export_request(db: Database, settings: Settings, *, user_id: str) -> None:
    """Count a request for everything stored about `user_id`; RateLimitedError beyond thirty a minute."""
    await _take(db, settings, user_id, {f"export:user:{user_id}": _EXPORTS_PER_MINUTE})


async def _take(db: Database, settings: Settings, user_id: str, allowed: dict[str, int]) -> None:
    subjects = [_nameless(settings, subject) for subject in allowed]
    values = {"subjects": subjects, "allowed": list(allowed.values()), "period_s": _PERIOD_S}
    async with db.as_user(user_id) as connection:
        row = await (await connection.execute(_QUERIES["take_from_limits"], values)).fetchone()
    if row is None:
        raise AssertionError("a function without rows")
    if row["wait_s"] > 0:
        raise RateLimitedError(retry_after_s=math.ceil(row["wait_s"]))


def _nameless(settings: Settings, subject: str) -> str:
    """`subject` under a key that the database does not hold: all IPv4 addresses are hashed in minutes, and a dump would
    name them. The installation's one secret will do; whoever changes it counts anew, from the last minute.
    """
    _, secret = server_keys(settings.livekit)
    return hmac.new(secret.encode(), f"limit:{subject}".encode(), hashlib.sha256).hexdigest()
