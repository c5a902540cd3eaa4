"""The right to make a call: counted before it is given, so that limits hold however many ask at once."""

from datetime import timedelta
from typing import NoReturn

from insta_voice.calls.models import Reservation
from insta_voice.db import Database, Queries
from insta_voice.errors import AccountDisabledError, AtCapacityError, NotFoundError, RateLimitedError
from insta_voice.settings import AccessSettings, CostSettings

_QUERIES = Queries.load("insta_voice.calls", "queries.sql")


async def reserve_call(
    db: Database,
    *,
    user_id: str,
    limits: AccessSettings,
    ttl: timedelta,
    costs: CostSettings | None = None,
    language: str | None = None,
) -> Reservation:
    """Reserve a call for `user_id` until `ttl` from now; an unused reservation is prolonged and given again. `language`
    is the code of the one it is to be held in.

    Raises AccountDisabledError, RateLimitedError (this user's calls, minutes or money are used up) or AtCapacityError
    (the installation's are, or every place of the workers heard of within 15 s; a reservation counts there for its
    first 30 s only), the last two with `retry_after_s`; NotFoundError for someone without a profile. `costs` has the
    budgets; without it there are none.
    """
    values = {
        "user_id": user_id,
        "ttl": ttl,
        "user_calls": limits.concurrent_calls_per_user,
        "all_calls": limits.concurrent_calls,
        "minutes_per_day": limits.minutes_per_day,
        "call_minutes": limits.call_minutes,
        "call_usd": costs and costs.call_budget_usd,
        "user_day_usd": costs and costs.user_day_budget_usd,
        "all_day_usd": costs and costs.day_budget_usd,
    }
    async with db.as_service() as connection:
        row = await (await connection.execute(_QUERIES["reserve_call"], values)).fetchone()
        assert row is not None
        if row["outcome"] == "reserved" and language is not None:
            noted = {"call_id": row["call_id"], "language": language}
            await connection.execute(_QUERIES["note_language"], noted)
    if row["outcome"] != "reserved":
        _refuse(row["outcome"], row["retry_after_s"])
    return Reservation(row["call_id"], row["room_name"], row["expires_at"], row["reused"])


def _refuse(outcome: str, retry_after_s: float | None) -> NoReturn:
    match outcome:
        case "disabled":
            raise AccountDisabledError
        case "no_profile":
            raise NotFoundError
        case "out_of_minutes":
            raise RateLimitedError(
                "You have used your minutes for today. Call again later.", retry_after_s=retry_after_s
            )
        case "out_of_budget":
            raise RateLimitedError(
                "You have used what your calls may take today. Call again later.", retry_after_s=retry_after_s
            )
        case "all_spent":
            raise AtCapacityError(
                "The assistant has taken all the calls it may for today. Try again later.", retry_after_s=retry_after_s
            )
        case "user_busy":
            raise RateLimitedError(
                "You are in a call already. End it first, then call again.", retry_after_s=retry_after_s
            )
        case _:
            raise AtCapacityError(retry_after_s=retry_after_s)
