"""What a case is made of, before it is sound, and what has to happen in it."""

from dataclasses import dataclass
from enum import StrEnum

FOR_EVER_S = float("inf")


class Must(StrEnum):
    """What the engine has to make of what the caller does."""

    END_ONCE = "one turn with all the words, ended after the last of them"
    INTERRUPT = "the assistant falls silent, and the words are a turn"
    LET_BE = "the assistant goes on speaking"
    BE_NO_TURN = "nothing is answered"


@dataclass(frozen=True, slots=True)
class Plan:
    """One case. `text` holds "|" where the caller pauses, for as long as `pauses_s` says in order; a case without text
    is the noise `sound`. The assistant is heard from the start until `assistant_until_s` (0: not at all), saying
    `assistant_says`.
    """

    name: str
    kind: str
    sort: str  # what distinguishes cases of a kind: which backchannel, which noise, how loud an echo
    must: Must
    seed: str  # of what is drawn for its sound
    text: str = ""
    pauses_s: tuple[float, ...] = ()
    sound: str = ""
    assistant_says: str = ""
    assistant_until_s: float = 0.0
    echo_db: float | None = None  # the assistant's words in the microphone, beside a caller's level
    begins_s: float = 0.8
    speed: float = 1.0
    pitch: float = 1.0
    level_dbfs: float = -20.0
    telephone: bool = False

    @property
    def said(self) -> str:
        """What the caller says, without the pauses."""
        return " ".join(self.text.replace("|", " ").split())
