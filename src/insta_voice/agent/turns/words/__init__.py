"""What words alone tell about a turn: "mm-hm" is no turn, "how do I" is not finished. The words of each language stand
in a file of its own.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from insta_voice.languages import Language

_WORD = re.compile(r"[^\W_]+(?:['-][^\W\d_]+)*")
_LONGEST_BACKCHANNEL_S = 1.6  # of voice
_SHORTEST_QUESTION = 4  # words: "how do I pay"
_SHORT_REPLY = 2
_LONG_SENTENCE = 10  # of so many words both halves may be there, and only the comma is not


def plain_words(text: str) -> list[str]:
    """The words, lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'"))


class TurnWords:
    """Those of one language."""

    def __init__(self, language: Language) -> None:
        self._blocks = _read(f"{language.code}.toml")

    def is_backchannel(self, text: str, speech_s: float) -> bool:
        """Whether this, said while the assistant speaks, only means "I am listening".

        `speech_s`: seconds of voice in it; a long one is never a backchannel.
        """
        words = plain_words(text)
        if speech_s > _LONGEST_BACKCHANNEL_S:
            return False
        return self._is_hum(words) or all(word in self._blocks["backchannels"] for word in words)

    def _is_hum(self, words: list[str]) -> bool:
        """What else is made of a hum has its sounds, and more of them nasal than not: "a memum", "M. M. H. N."."""
        if " ".join(words) in self._blocks["hummed"]:
            return True
        sounds = self._blocks["sounds_of_a_hum"]
        letters = "".join(word for word in words if word not in self._blocks["backchannels"])
        letters = re.sub("['-]", "", letters).removeprefix("a")
        nasals = letters.count("m") + letters.count("n")
        return "m" in letters and sounds.issuperset(letters) and 2 * nasals > len(letters)

    def is_reply(self, text: str) -> bool:
        """Whether all of this answers a question that can be answered with yes or no."""
        words = plain_words(text)
        return 0 < len(words) <= _SHORT_REPLY and all(word in self._blocks["whole_replies"] for word in words)

    def takes_turn(self, text: str) -> bool:
        """Whether this, said while the assistant speaks, begins something: by its first word that says anything, or by
        several.
        """
        saying = [word for word in plain_words(text) if word not in self._blocks["backchannels"]]
        return len(saying) > 1 or bool(saying and saying[0] in self._blocks["turn_takers"])

    def looks_unfinished(self, text: str) -> bool:
        """Whether the last word asks for another one."""
        words = plain_words(text)
        if not words:
            return False
        if text.rstrip().endswith((",", "...", "…", "-")):
            return True
        if self.is_reply(text):
            return False  # "yes, please"
        if self._is_first_half(text):
            return True
        said = " ".join(words)
        if any(said == phrase or said.endswith(f" {phrase}") for phrase in self._blocks["open_phrases"]):
            return True
        asked = text.rstrip().endswith("?") and len(words) >= _SHORTEST_QUESTION
        return words[-1] in self._blocks["open_endings"] and not (
            asked and words[-1] in self._blocks["may_end_a_question"]
        )

    def looks_complete(self, text: str) -> bool:
        """Whether this is a whole question or a whole short reply."""
        words = plain_words(text)
        if not words or self.looks_unfinished(text):
            return False
        if len(words) <= _SHORT_REPLY:
            return self.is_reply(text)
        return len(words) >= _SHORTEST_QUESTION and (text.rstrip().endswith("?") or self._opens_as_question(words))

    def may_be_half_a_number(self, text: str) -> bool:
        """Whether this ends in figures: the next group of an account number may follow."""
        words = plain_words(text)
        return bool(words) and (words[-1][-1].isdigit() or words[-1] in self._blocks["figures"])

    def says_goodbye(self, text: str) -> bool:
        """Whether all of this means that the call is over: "That was all, thank you. Goodbye."; never a question."""
        spelled_apart = text.replace("-", " ")  # "Good-bye", as some recognisers write it
        words, over, agreed = [] if "?" in text else plain_words(spelled_apart), False, False
        while words:
            taken = self._begun_with("goodbyes", words) or self._begun_with("thanks", words)
            agreed = not taken and words[0] in self._blocks["agreements"]
            if not (taken or agreed):
                return False
            over = over or taken in self._blocks["goodbyes"]
            words = words[len(taken.split()) or 1 :]
        return over and not agreed  # "that's all well and good" says more

    def _begun_with(self, block: str, words: list[str]) -> str:
        """The longest of its phrases that the words begin with, or nothing."""
        beginnings = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        return next((beginning for beginning in beginnings if beginning in self._blocks[block]), "")

    def joined(self, fragments: list[str]) -> str:
        """One text from what was recognised between thinking pauses; the full stops the pauses made are taken out."""
        kept = [fragment.strip() for fragment in fragments if fragment.strip()]
        joined: list[str] = []
        for index, fragment in enumerate(kept):
            open_ended = self.looks_unfinished(fragment.rstrip(".… "))
            joined.append(fragment.rstrip(".… ") if index + 1 < len(kept) and open_ended else fragment)
        return " ".join(joined)

    def _opens_as_question(self, words: list[str]) -> bool:
        return self._without_openers(words)[0] in self._blocks["question_words"]

    def _is_first_half(self, text: str) -> bool:
        """ "If I cancel today", "when I click on it": the sentence that this belongs to follows. But "and if I do not?"
        is all of a question.
        """
        words = plain_words(text)
        first, second, *_ = [*self._without_openers(words), ""]
        if first not in self._blocks["subordinators"] or second in self._blocks["inverted"]:
            return False
        if words[0] != first and text.rstrip().endswith("?"):
            return False
        half, _, other = text.partition(",")
        return len(plain_words(other)) < _SHORT_REPLY and len(plain_words(half)) < _LONG_SENTENCE

    def _without_openers(self, words: list[str]) -> list[str]:
        begins = next((place for place, word in enumerate(words) if word not in self._blocks["openers"]), len(words))
        return [*words[begins:], ""]


@cache
def _read(file: str) -> dict[str, frozenset[str]]:
    blocks = tomllib.loads(files(__package__).joinpath(file).read_text("utf-8"))
    return {
        name: frozenset(block["phrases"] if "phrases" in block else block["words"].split())
        for name, block in blocks.items()
    }
