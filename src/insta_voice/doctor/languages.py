"""The languages that callers may choose: whether calls are held in them, and whether questions find an article."""

from typing import Final

from insta_voice.company import listed, not_held
from insta_voice.doctor.findings import Finding, ok, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "languages"


async def check_languages(surroundings: Surroundings) -> list[Finding]:
    """What of LANGUAGES is offered, and what is in the way of the rest."""
    settings = surroundings.settings
    if not settings.languages:
        return []  # nothing starts, which is said already
    found = [ok(PART, f"Calls are held in {listed(settings.languages)}.")]
    if missing := not_held(settings):
        found.append(
            warning(
                PART,
                f"Calls in {listed(missing)} are not taken: local speech is English only.",
                "Let OpenAI hear and speak, or take them out of LANGUAGES.",
            )
        )
    others = tuple(language for language in settings.languages if not language.local)
    if others and settings.knowledge.embeddings == "local":
        found.append(
            warning(
                PART,
                f"Questions in {listed(others)} are searched with a model made for English, which often finds nothing.",
                "Set KNOWLEDGE_EMBEDDINGS=openai; the job worker then makes the articles' new vectors.",
            )
        )
    return found
