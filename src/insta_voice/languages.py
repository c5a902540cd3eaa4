"""The languages that a call can be held in. What is said in each stands in `agent/prompts/sentences`; which of them an
installation speaks, `Settings.languages` says.
"""

from dataclasses import dataclass
from typing import Final, Literal

LanguageCode = Literal["en", "de", "es"]
"""ISO 639-1, as LANGUAGES names them and OpenAI's recogniser takes them."""


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is English, for models and operators; `own_name` is what its speakers look for on the page. `local` says
    that the speech server, the grounded responder and the check of answers know it.
    """

    code: LanguageCode
    name: str
    own_name: str
    local: bool = False


ENGLISH: Final = Language("en", "English", "English", local=True)
GERMAN: Final = Language("de", "German", "Deutsch")
SPANISH: Final = Language("es", "Spanish", "Español")
LANGUAGES: Final[dict[str, Language]] = {language.code: language for language in (ENGLISH, GERMAN, SPANISH)}
