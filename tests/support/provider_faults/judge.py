"""What the caller heard of a fault, measured at their ear; and whether that is what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from tests.support.memory_call.legible import Letter
from tests.support.provider_faults.play import Played
from tests.support.provider_faults.stage import BEGINNING, FIRST, NEXT

from insta_voice.agent.prompts import variants

# Promise 13.
HEARD_WITHIN_S: Final = 1.5
LONGEST_SILENCE_S: Final = 4.0
# A silent fault shows when the caller begins to wonder: the app says "one moment" into such a silence. With the 1.5 s
# that is the longest silence.
SHOWS_AFTER_S: Final = LONGEST_SILENCE_S - HEARD_WITHIN_S
_PAUSE_S: Final = 0.2  # shorter is within a sentence
_CUT_LETTERS: Final = 15  # in which word a cut sentence ended is known by estimate: two words of it


@dataclass(frozen=True, slots=True)
class Sound:
    """Words without a pause between them."""

    begins_s: float
    ends_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`after_s` counts from the fault, or from the silence it left, whichever came later."""

    first_heard: str
    after_s: float
    silence_s: float
    minds: str
    wrong: tuple[str, ...]


def judge(played: Played) -> Verdict:
    """Measure and judge a row."""
    call, row = played.call, played.row
    heard = sounds(call.ear.heard())
    first, after_s = _after_the_fault(played, heard)
    silence_s = max(
        _silence_s(ended_s, heard, _next_asked(played, place)) for place, (ended_s, _) in enumerate(call.asked)
    )
    within_s = HEARD_WITHIN_S + (SHOWS_AFTER_S if row.is_silent else 0.0)
    minds = " → ".join(dict.fromkeys(turn.mind for turn in call.notes.turns[1:] if turn.speaker == "assistant"))
    wrong = [*_record(played, heard), *_context(played)]
    if after_s > within_s:
        wrong.append(f"nothing was heard for {after_s:.2f} s after it showed")
    if silence_s > LONGEST_SILENCE_S:
        wrong.append(f"{silence_s:.2f} s of silence")
    return Verdict(first, after_s, silence_s, minds, tuple(wrong))


def sounds(letters: Sequence[Letter]) -> list[Sound]:
    """The letters in stretches."""
    stretches: list[Sound] = []
    for letter in letters:
        if stretches and letter.begins_s - stretches[-1].ends_s < _PAUSE_S:
            last = stretches.pop()
            stretches.append(Sound(last.begins_s, letter.ends_s, last.text + letter.text))
        else:
            stretches.append(Sound(letter.begins_s, letter.ends_s, letter.text))
    return stretches


def _next_asked(played: Played, place: int) -> float:
    """When the caller says the next thing; the end of time without one."""
    asked = played.call.asked
    return asked[place + 1][0] if place + 1 < len(asked) else float("inf")


def _silence_s(ended_s: float, heard: list[Sound], until_s: float) -> float:
    """The longest silence from the end of a question to the end of its answer."""
    longest_s, quiet_since_s = 0.0, ended_s
    for sound in heard:
        if sound.ends_s > ended_s and sound.begins_s < until_s:
            longest_s = max(longest_s, sound.begins_s - quiet_since_s)
            quiet_since_s = sound.ends_s
    return longest_s


def _after_the_fault(played: Played, heard: list[Sound]) -> tuple[str, float]:
    """The first that is heard in the silence that the fault left, and after how long; the speech that goes on, and 0.0,
    where it left none.
    """
    asked_s = [ended_s for ended_s, _ in played.call.asked]
    owed_s, until_s = [*asked_s, float("inf")][played.row.question :][:2]
    struck_s = max(played.struck_s, owed_s)
    quiet_since_s, going_on = owed_s, ""
    for sound in heard:
        if struck_s <= sound.begins_s < until_s:
            shows_s = quiet_since_s if played.row.is_silent else max(struck_s, quiet_since_s)
            return sound.text.strip(), sound.begins_s - shows_s
        if owed_s < sound.ends_s and sound.begins_s < until_s:
            quiet_since_s, going_on = sound.ends_s, sound.text.strip()
    return going_on, 0.0


def _record(played: Played, heard: list[Sound]) -> list[str]:
    turns = sorted(played.call.notes.turns, key=lambda turn: turn.number)
    wrong = []
    if [turn.number for turn in turns] != list(range(1, len(turns) + 1)):
        wrong.append("turns are missing")
    if (said := [turn.text for turn in turns if turn.speaker == "caller"]) != [FIRST, NEXT]:
        wrong.append(f"the caller's turns are {said}")
    ours = [turn for turn in turns if turn.speaker == "assistant"]
    if nameless := [turn.number for turn in ours if not turn.mind]:
        wrong.append(f"nobody spoke turns {nameless}")
    at_ear = _letters("".join(sound.text for sound in heard))
    in_record = _letters("".join(turn.heard for turn in ours))
    cut = sum(turn.interrupted for turn in ours)
    apart = _apart(at_ear, in_record)
    if sum(len(letters) for letters in apart) > _CUT_LETTERS * cut:
        wrong.append(f"heard and recorded differ in {apart}")
    return wrong


def _letters(text: str) -> str:
    """Without spaces, which nobody hears between two clauses, and without what bridges an answer in its middle."""
    letters = "".join(text.split())
    for filler in variants("moment"):
        letters = letters.replace("".join(filler.split()), "")
    return letters


def _apart(heard: str, recorded: str) -> list[str]:
    """The letters of one that are not in the other."""
    same = SequenceMatcher(None, heard, recorded, autojunk=False).get_opcodes()
    return [
        f"{heard[from_one:to_one]}/{recorded[from_other:to_other]}"
        for kind, from_one, to_one, from_other, to_other in same
        if kind != "equal"
    ]


def _context(played: Played) -> list[str]:
    wrong = [] if FIRST in played.known else ["the mind of the next answer does not know what was asked before"]
    if played.row.is_joined:
        return wrong
    if BEGINNING not in played.known:
        wrong.append("the mind of the next answer does not know what was answered before")
    if played.last_question != FIRST:
        wrong.append(f"the search knew {played.last_question!r} as the last question")
    return wrong
