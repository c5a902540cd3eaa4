"""What `up` asks of a database of one's own before it starts anything on it."""

from pathlib import Path

from insta_voice.doctor.database import check_database
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings


async def refuse_unready_database(settings: Settings, database_url: str) -> None:
    """ConfigurationError with doctor's sentences when it cannot be reached, or is not prepared."""
    findings = await check_database(Surroundings(settings, Path.cwd(), {}), database_url)
    if problems := [finding for finding in findings if finding.level == "problem"]:
        raise ConfigurationError("\n".join(f"{finding.sentence} {finding.mend}" for finding in problems))
