"""What is meant by words over the assistant's voice: to listen, or to speak."""

from dataclasses import dataclass
from enum import Enum, auto

from insta_voice.agent.turns.echo import is_echo, may_be_echo
from insta_voice.agent.turns.words import TurnWords, plain_words

# Nobody says nothing for so long: whoever is not understood by then hums, coughs, or speaks to somebody else.
_WORDLESS_S = 0.9
# One word alone may be the beginning of "mm-hmm": by then a second has come, or it was all.
_ONE_WORD_S = 0.6
# What Moonshine makes of a hum or a noise is less sure (docs/voice.md).
_SURE = 0.55


class Meaning(Enum):
    """Of what was recognised so far."""

    LISTENS = auto()  # "mm-hm", or a noise
    ECHOES = auto()  # it is the assistant's own voice
    UNCLEAR = auto()
    SPEAKS = auto()  # they want the turn


@dataclass(frozen=True, slots=True)
class Saying:
    """What the assistant is saying. `asks`: with a question at its end, so that "yes" is a reply."""

    text: str = ""
    asks: bool = False


def meaning_of(text: str, confidence: float | None, voiced_s: float, saying: Saying, words: TurnWords) -> Meaning:
    """`text` was recognised, `confidence` 0 to 1, in `voiced_s` seconds of voice over `saying`, which go on."""
    said, saying_words = plain_words(text), plain_words(saying.text)
    if not said:
        return Meaning.LISTENS if voiced_s >= _WORDLESS_S else Meaning.UNCLEAR
    if is_echo(said, saying_words):
        return Meaning.ECHOES
    if _hums(text, voiced_s, saying, words):
        return Meaning.LISTENS
    if voiced_s >= _WORDLESS_S or (saying.asks and words.is_reply(text)):
        return Meaning.SPEAKS
    if not is_sure(confidence) or may_be_echo(said, saying_words):
        return Meaning.UNCLEAR
    return Meaning.SPEAKS if words.takes_turn(text) or voiced_s >= _ONE_WORD_S else Meaning.UNCLEAR


def is_sure(confidence: float | None) -> bool:
    """Whether words were recognised so surely that they were said; a recogniser that does not tell is believed."""
    return confidence is None or confidence >= _SURE


def only_listens(text: str, voiced_s: float, saying: Saying, words: TurnWords) -> bool:
    """Whether this, which is all that was said, does not want the turn. One word of what is being said is its echo, not
    a turn; who meant it says more.
    """
    if saying.asks and words.is_reply(text):
        return False
    said, saying_words = plain_words(text), plain_words(saying.text)
    echoes = is_echo(said, saying_words) or may_be_echo(said, saying_words)
    return echoes or _hums(text, voiced_s, saying, words)


def _hums(text: str, voiced_s: float, saying: Saying, words: TurnWords) -> bool:
    return not (saying.asks and words.is_reply(text)) and words.is_backchannel(text, voiced_s)
