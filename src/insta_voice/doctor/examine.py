"""Asks every check at once, each with an end, and puts what they found in order."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Final

from insta_voice.db import Database
from insta_voice.doctor import (
    account,
    address,
    articles,
    data_dir,
    database,
    database_address,
    firebase,
    languages,
    left_undone,
    livekit,
    mail,
    openai,
    providers,
    record,
    settings,
    speech,
    tokens,
    webhook,
)
from insta_voice.doctor.findings import Finding, has_problem, problem, split_mend
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import InstaVoiceError
from insta_voice.settings import Settings

TIMEOUT_S: Final = 15.0  # a check may ask one thing after another, each with six seconds at most
# An `up` that is still starting loads its articles first; a cluster is made in two seconds.
OPEN_TIMEOUT_S: Final = 30.0

OpenDatabase = Callable[[Settings], AbstractAsyncContextManager[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """A question about one part, asked of the surroundings."""

    part: str
    ask: Callable[[Surroundings], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """A question that the database answers."""

    part: str
    ask: Callable[[Surroundings, Database], Awaitable[list[Finding]]]


FIRST: Final = (
    Check("safety", settings.check_safety),
    Check("machine", data_dir.check_machine),
    Check("data directory", data_dir.check_data_dir),
    Check("set-up", data_dir.check_programs),
)
RECORD: Final = (
    RecordCheck("articles", articles.check_articles),
    RecordCheck("people", record.check_people),
    RecordCheck("account facts", account.check_account),
    RecordCheck("agent", record.check_agents),
    RecordCheck("jobs", record.check_jobs),
    RecordCheck("jobs", left_undone.check_left_undone),
    RecordCheck("clock", record.check_database_clock),
)
SERVICES: Final = (
    Check("sign-in", firebase.check_sign_in),
    Check("sign-in", tokens.check_certificates),
    Check("sign-in", tokens.check_credentials),
    Check("calls", livekit.check_livekit),
    Check("OpenAI", openai.check_openai),
    Check("providers", providers.check_providers),
    Check("speech", speech.check_speech),
    Check("languages", languages.check_languages),
    Check("tickets", webhook.check_webhook),
    Check("mail", mail.check_mail),
    Check("address", address.check_address),
)


async def examine(surroundings: Surroundings, open_database: OpenDatabase) -> list[Finding]:
    """Every finding, ordered by part. `open_database` gives the address, starting the embedded one if need be.

    What keeps the parts from starting is said once, and not again by the part it is about.
    """
    first = await _together(surroundings, FIRST)
    unwritable = any(finding.part == "data directory" and finding.level == "problem" for finding in first)
    services = asyncio.create_task(_together(surroundings, SERVICES), name="services")
    try:
        held = [] if unwritable else await _database(surroundings, open_database)
        refused = {finding.sentence for finding in first if finding.level == "problem"}
        return [*first, *(found for found in [*held, *await services] if found.sentence not in refused)]
    finally:
        services.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await services


async def _together(surroundings: Surroundings, checks: Sequence[Check]) -> list[Finding]:
    found = await asyncio.gather(*(bounded(check.part, check.ask(surroundings)) for check in checks))
    return [finding for findings in found for finding in findings]


async def _database(surroundings: Surroundings, open_database: OpenDatabase) -> list[Finding]:
    """The address, then the server, then what is in it: each only when the one before it is as it should be."""
    found = await bounded("database", database_address.check_address(surroundings))
    if has_problem(found):
        return found
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                url = await stack.enter_async_context(open_database(surroundings.settings))
        except InstaVoiceError as error:
            return [*found, problem("database", *split_mend(error.message))]
        except TimeoutError:
            return [
                *found,
                problem(
                    "database", "The embedded database is in use by an insta-voice that is not ready.", "Wait for it."
                ),
            ]
        found += await bounded("database", database.check_database(surroundings, url))
        if has_problem(found):
            return found
        db = await stack.enter_async_context(Database(url, max_size=len(RECORD)))
        more = await asyncio.gather(*(bounded(check.part, check.ask(surroundings, db)) for check in RECORD))
        return [*found, *(finding for findings in more for finding in findings)]


async def bounded(part: str, asked: Awaitable[list[Finding]]) -> list[Finding]:
    """What a check found; that it took too long, or broke, is a finding too."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await asked
    except TimeoutError:
        return [
            problem(part, f"There was no answer within {TIMEOUT_S:.0f} s.", "Ask again; look at its log if it stays.")
        ]
    except InstaVoiceError as error:
        return [problem(part, *split_mend(error.message))]
    except Exception as error:
        return [
            problem(
                part,
                f"This could not be examined ({type(error).__name__}), which is a defect of the doctor's.",
                "Please report it, with the version and this sentence.",
            )
        ]
