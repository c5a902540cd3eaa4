"""A passage read as a speaker would: its sentences, each with its place in a paragraph, list or table."""

import re
from dataclasses import dataclass
from typing import Literal

from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.sentences import split_sentences

Role = Literal["prose", "lead", "step", "bullet", "row", "detail"]
"""prose; lead: announces what follows ("To do so:"); a list's step or bullet; a table's row; detail: under an item."""

_LIST_ITEM = re.compile(r"^(?P<indent>\s*)(?:(?P<number>\d{1,3})[.)]|[-*•+])\s+(?P<text>\S.*)$")
# Characters that are read of a line, and of a passage. A chunk's 160 words have about 1,000: what is far longer is no
# text to speak, and takes the patterns that make speech of it the square of its length. int() takes 4,300 digits.
_LONGEST_LINE = 4_000
_LONGEST_PASSAGE = 12_000
_ROW = re.compile(r"^[^:;|]{1,40}: [^;]+(?:; [^:;]{1,40}: [^;]+)+$")


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence: `text` as it stands in the passage, `score` 0 to 1 for how well it answers, `group` its block,
    `number` that of a step, as it is written; 0 of all others."""

    text: str
    role: Role
    group: int
    score: float
    number: int = 0


def read(passage: Passage) -> tuple[Unit, ...]:
    """The units of `passage` in reading order, without its title, mere references to elsewhere, and what is no text to
    speak."""
    scores = _Scores(passage)
    titles = {_key(passage.title), *(_key(part) for part in passage.heading.split(" › "))}
    units: list[Unit] = []
    group, steps_group, last_number, open_line = 0, 0, 0, False
    left = _LONGEST_PASSAGE
    for line in passage.text.splitlines():
        if not line.strip() or len(line) > min(left, _LONGEST_LINE):
            open_line = False
            continue
        left -= len(line)
        item = _LIST_ITEM.match(line)
        if item and item["number"] and not item["indent"]:
            number = int(item["number"])
            if number == 1 or number != last_number + 1:  # else it goes on, also behind a paragraph under a step
                group = steps_group = group + 1
            last_number = number
            units += _item(item["text"], "step", steps_group, scores, number)
        elif item:
            group += 0 if units and units[-1].role in ("bullet", "detail") else 1
            units += _item(item["text"], "detail" if item["indent"] else "bullet", group, scores)
        elif _key(line) not in titles:
            group += 0 if open_line else 1
            units += _paragraph(line.strip(), group, scores)
        open_line = item is None
    spoken = [unit for unit in units if not alternatives("reference").match(unit.text)]
    return tuple(spoken or units)


def _item(text: str, role: Role, group: int, scores: "_Scores", number: int = 0) -> list[Unit]:
    first, *others = split_sentences(text)
    return [
        Unit(first, role, group, scores.of(first), number),
        *(Unit(other, "detail", group, scores.of(other)) for other in others),
    ]


def _paragraph(text: str, group: int, scores: "_Scores") -> list[Unit]:
    if _ROW.match(text):
        return [Unit(text, "row", group, max(scores.of(text), *(scores.of(s) for s in split_sentences(text))))]
    return [
        Unit(sentence, "lead" if sentence.endswith(":") else "prose", group, scores.of(sentence))
        for sentence in split_sentences(text)
    ]


class _Scores:
    """Finds the score of a sentence by its words; a sentence split otherwise counts where one holds the other."""

    def __init__(self, passage: Passage) -> None:
        self._by_key: dict[str, float] = {}
        for sentence in passage.sentences:
            key = _key(sentence.text)
            self._by_key[key] = max(sentence.score, self._by_key.get(key, 0.0))

    def of(self, text: str) -> float:
        key = _key(text)
        if key in self._by_key:
            return self._by_key[key]
        if len(key) < 12:  # a word or two would be found in anything
            return 0.0
        return max(
            (score for other, score in self._by_key.items() if len(other) >= 12 and (key in other or other in key)),
            default=0.0,
        )


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
