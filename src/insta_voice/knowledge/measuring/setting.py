"""How a run searches: what can be set of a search today, and a second setting beside the first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.fields import AUDIENCE

CONFIDENCE = "KNOWLEDGE_ANSWER_CONFIDENCE"


@dataclass(frozen=True, slots=True)
class Setting:
    """Answered when at least `confidence` sure, for `audiences`, from the vectors of the model `index`: None for those
    that calls ask, "words" for no vectors.
    """

    confidence: float
    audiences: tuple[str, ...] = ("everyone",)
    index: str | None = None

    def searches_like(self, other: "Setting") -> bool:
        """Whether both find the same, whatever they answer."""
        return (self.audiences, self.index) == (other.audiences, other.index)


def changed_setting(setting: Setting, changes: Sequence[str]) -> Setting:
    """`setting` with NAME=VALUE[,NAME=VALUE…]; several audiences are named one by one.

    InvalidInputError says what can be compared.
    """
    audiences: list[str] = []
    for change in (one for several in changes for one in several.split(",")):
        name, _, value = (part.strip() for part in change.partition("="))
        if name == CONFIDENCE and value:
            setting = replace(setting, confidence=_probability(value))
        elif name == "audience" and value:
            audiences.append(value)
        elif name == "index" and value:
            setting = replace(setting, index=value)
        else:
            raise InvalidInputError(
                f"{change.strip()!r} cannot be compared: {CONFIDENCE}=0.7, audience=plan:team and index=words can,"
                " with a comma between them."
            )
    return replace(setting, audiences=checked_audiences(audiences)) if audiences else setting


def checked_audiences(names: Sequence[str]) -> tuple[str, ...]:
    """The names once each; InvalidInputError for one that no article can have, which would find nothing."""
    if wrong := [name for name in names if not AUDIENCE.fullmatch(name)]:
        raise InvalidInputError(f'{wrong[0]!r} is no audience: "everyone", "staff" and "plan:<name>" are.')
    return tuple(dict.fromkeys(names))


def _probability(value: str) -> float:
    try:
        probability = float(value)
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise InvalidInputError(f"{CONFIDENCE} is a number from 0 to 1, and {value!r} is not.")
    return probability
