"""What is asked of others' services when a part starts: a database of one's own before anything is started on it, and
OpenAI by who is about to hold calls with it.
"""

import logging
from pathlib import Path

from insta_voice.doctor.database import check_database
from insta_voice.doctor.findings import Level
from insta_voice.doctor.openai import check_openai
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings

log = logging.getLogger(__name__)

_LOGGED_AS: dict[Level, int] = {"ok": logging.INFO, "warning": logging.WARNING, "problem": logging.ERROR}


async def refuse_unready_database(settings: Settings, database_url: str) -> None:
    """ConfigurationError with doctor's sentences when it cannot be reached, or is not prepared."""
    findings = await check_database(Surroundings(settings, Path.cwd(), {}), database_url)
    if problems := [finding for finding in findings if finding.level == "problem"]:
        raise ConfigurationError("\n".join(f"{finding.sentence} {finding.mend}" for finding in problems))


async def log_openai(surroundings: Surroundings) -> None:
    """Doctor's sentences about OpenAI into the log: calls go on without it, and nobody might ask doctor."""
    for finding in await check_openai(surroundings):
        log.log(_LOGGED_AS[finding.level], "%s", f"{finding.sentence} {finding.mend}".strip())
