"""The company's own account endpoint: asked about somebody it cannot know, as a call would ask it."""

from typing import Final

from insta_voice.customers.accounts import AccountEndpoint
from insta_voice.db import Database
from insta_voice.doctor.findings import Finding, ok, problem
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import AccountUnavailableError
from insta_voice.outgoing import Reach, usual_reach

PART: Final = "account facts"
NOBODY: Final = "insta-voice-doctor"


async def check_account(surroundings: Surroundings, db: Database) -> list[Finding]:
    """It answers, takes our signature, and speaks JSON. 404 is the right answer for nobody."""
    settings = surroundings.settings
    account = settings.account
    if not (account.url and account.secret):
        return []  # none, or said by what keeps the parts from starting
    reach: Reach = "private" if account.allow_private else usual_reach(settings)
    endpoint = AccountEndpoint(db, account, reach=reach, resolver=surroundings.outside.resolve)
    try:
        await endpoint.ask(NOBODY, None)
    except AccountUnavailableError as error:
        return [_why(error.detail, account.timeout_s)]
    where = ", which may be in your own network (ACCOUNT_ALLOW_PRIVATE)" if account.allow_private else ""
    return [ok(PART, f"Your account endpoint answers{where}.")]


def _why(detail: str, timeout_s: float) -> Finding:
    if "private address" in detail:
        return problem(
            PART,
            "ACCOUNT_URL leads into a private network, to which nothing of ours is sent unasked.",
            "Say with ACCOUNT_ALLOW_PRIVATE=true that it is yours, or give it a public address.",
        )
    if "plain http" in detail:
        return problem(
            PART,
            "ACCOUNT_URL is http and leads to a public address: account facts could be read on the way.",
            "Use https, or give the name an address in your own network.",
        )
    if "credentials" in detail:
        return problem(PART, "ACCOUNT_URL leads to where a cloud keeps credentials.", "Correct it.")
    if "name is unknown" in detail:
        return problem(PART, "The name in ACCOUNT_URL is unknown here.", "Look for a typing mistake.")
    if "no answer within" in detail:
        return problem(
            PART,
            f"Your account endpoint does not answer within {timeout_s:g} s.",
            "Make it faster, or raise ACCOUNT_TIMEOUT_S (3 at most: a caller hears the wait).",
        )
    if "HTTP 401" in detail or "HTTP 403" in detail:
        return problem(
            PART,
            "Your account endpoint does not take our signature.",
            "Compare ACCOUNT_SECRET with the endpoint's, and both clocks; docs/account-facts.md shows how to check it.",
        )
    if "HTTP " in detail:
        return problem(
            PART,
            f"Your account endpoint answers with {detail.rpartition(': ')[2]}.",
            "It should answer 200 with a JSON object, or 404 for somebody it does not know; look at its log.",
        )
    if "JSON" in detail or "longer than" in detail:
        return problem(
            PART,
            "Your account endpoint's answer is no JSON object, or too long.",
            "Answer with one flat JSON object; docs/account-facts.md shows one.",
        )
    return problem(PART, "Your account endpoint is not reached.", "Start it, or correct ACCOUNT_URL.")
