"""What a caller replies to "do you mean this or that?": read by rules, in the words of a place or of a title."""

import re
from collections.abc import Collection
from typing import Final

from insta_voice.knowledge.evidence import Choice, Passage
from insta_voice.knowledge.questions import asks, content_words

# A reply names one of the two. Who says more has begun to tell or to ask something else.
_LONGEST: Final = 12  # words
# Of a reply's own words, how many have to be the title's or the question's: "my invoice is wrong" is no reply to
# "change the address on your invoices?".
_MOSTLY: Final = 0.5
_LEAST_COMMON: Final = 4  # letters that two forms of a word share: "cancel" and "cancelling"

_WORD = re.compile(r"[\w']+")
_BEFORE = (
    r"(?:(?:no|yes|yeah|yep|ok|okay|well|um|uh|oh|i|mean|meant|think|guess|want|need|would|like|i'd|it|is|it's|that|"
    r"that's|was|rather|probably|maybe|the|with|go|let's|take|option|number|nein|ja|ich|meine|meinte|das|die|der|den|"
    r"dem|nummer|sí|quiero|digo|el|la|lo|opción|número) )*"
)
_AFTER = (
    r"(?: (?:one|option|thing|of|these|them|those|the|two|you|said|named|mentioned|please|thanks|thank|bitte|danke|"
    r"möglichkeit|frage|davon|von|beiden|opción|de|las|los|dos|por|favor|gracias))*"
)
# "That one" points, and "the two" are both: these words are places only where nothing before them says otherwise.
_ONE, _TWO = r"(?<!that )(?<!the )one", r"(?<!the )two(?! of)"
_PLACES: Final = (
    re.compile(rf"{_BEFORE}(?:first|1st|former|{_ONE}|1|erste[nrs]?|ersteres|eins|primer[oa]?|uno){_AFTER}"),
    re.compile(
        rf"{_BEFORE}(?:second|2nd|latter|last|{_TWO}|2|zweite[nrs]?|letzte(?:re)?[nrs]?|zwei|segund[oa]|dos){_AFTER}"
    ),
)
_BOTH = re.compile(rf"{_BEFORE}(?:both|beide[ns]?|amb[oa]s|las dos|los dos){_AFTER}")
_NEITHER = re.compile(
    rf"{_BEFORE}(?:no|nope|neither|none|not (?:really|that|those|these)|something else|nein|kein[es]{{1,2}}|weder noch|"
    rf"etwas anderes|ningun[oa]|otra cosa){_AFTER}"
)
_WANTING = re.compile(r"^(?:no|yes|yeah|well|um|uh|oh|i (?:mean|meant|want|need|would like)|i'd like|to|the)\b\s*")
# Who says what they do not mean has not said which they mean: "I don't want to cancel".
_DENIED = re.compile(r"\b(?:not|never|neither|nor|without|cannot|dont|\w+n't|nicht|nie|kein\w*)\b")


def chosen(heard: str, choice: Choice) -> tuple[Passage, ...] | None:
    """Which of the two `heard` means: one, both, none of them; None when it is no reply to that."""
    said = " ".join(_WORD.findall(heard.lower().replace("’", "'")))
    if not said or len(said.split()) > _LONGEST:
        return None
    if _BOTH.fullmatch(said):
        return choice.candidates
    if _NEITHER.fullmatch(said):
        return ()
    for passage, place in zip(choice.candidates, _PLACES, strict=True):
        if place.fullmatch(said):
            return (passage,)
    return _named(said, choice)


def _named(said: str, choice: Choice) -> tuple[Passage, ...] | None:
    """By words that one of the titles has and the other does not."""
    while said != (rest := _WANTING.sub("", said)):
        said = rest
    own = content_words(said)
    if not own or asks(said) or _DENIED.search(said):
        return None
    titles = [frozenset(content_words(passage.title)) for passage in choice.candidates]
    named = [
        [word for word in own if _in(word, title) and not _in(word, other)]
        for title, other in (titles, reversed(titles))
    ]
    known = titles[0] | titles[1] | frozenset(content_words(choice.question))
    if sum(_in(word, known) for word in own) < _MOSTLY * len(own) or bool(named[0]) == bool(named[1]):
        return None
    return (choice.candidates[0 if named[0] else 1],)


def _in(word: str, words: Collection[str]) -> bool:
    return any(_alike(word, other) for other in words)


def _alike(one: str, other: str) -> bool:
    """Whether they are forms of one word."""
    if one == other:
        return True
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= max(_LEAST_COMMON, min(len(one), len(other)) - 1)
