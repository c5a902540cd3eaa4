"""Whether the languages that the company offers can be spoken by what it has set to hear and speak."""

from collections.abc import Iterator

from insta_voice.languages import LANGUAGES, Language
from insta_voice.settings import Settings


def listed(languages: tuple[Language, ...]) -> str:
    """Their names: "English, German and Spanish"."""
    names = [language.name for language in languages]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def not_held(settings: Settings) -> tuple[Language, ...]:
    """Those of LANGUAGES in which no call is held, because the speech server would have to hear or speak them."""
    wanted = dict.fromkeys(LANGUAGES[code] for code in settings.company.languages)
    return tuple(language for language in wanted if language not in settings.languages)


def language_reasons(settings: Settings) -> Iterator[str]:
    """Every reason not to start."""
    if not settings.languages:
        yield (
            "LANGUAGES has no language that calls could be held in: local speech is English only. "
            "Add en, or set OPENAI_API_KEY and let OpenAI hear and speak."
        )
    for code, language in LANGUAGES.items():
        if code not in settings.company.languages and settings.company.own_welcome_message(language):
            yield (
                f"WELCOME_MESSAGE_{code.upper()} is set, and LANGUAGES has no {code}: nobody would hear it. "
                f"Add {code} to LANGUAGES, or remove it."
            )
