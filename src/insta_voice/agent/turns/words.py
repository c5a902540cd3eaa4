"""What words alone tell about a turn: "mm-hm" is no turn, "how do I" is not finished. The words are in `words.toml`."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z]+)*")
_LONGEST_BACKCHANNEL_S = 1.6  # of voice
_SHORTEST_QUESTION = 4  # words: "how do I pay"
_SHORT_REPLY = 2


@lru_cache
def _block(name: str) -> frozenset[str]:
    block = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))[name]
    return frozenset(block["phrases"] if "phrases" in block else block["words"].split())


def plain_words(text: str) -> list[str]:
    """The words, lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'"))


def is_backchannel(text: str, speech_s: float) -> bool:
    """Whether this, said while the assistant speaks, only means "I am listening".

    `speech_s`: seconds of voice in it; a long one is never a backchannel.
    """
    words = plain_words(text)
    if speech_s > _LONGEST_BACKCHANNEL_S:
        return False
    return " ".join(words) in _block("hummed") or all(word in _block("backchannels") for word in words)


def looks_unfinished(text: str) -> bool:
    """Whether the last word asks for another one."""
    words = plain_words(text)
    if not words:
        return False
    if text.rstrip().endswith((",", "...", "…", "-")):
        return True
    asked = text.rstrip().endswith("?") and len(words) >= _SHORTEST_QUESTION
    return words[-1] in _block("open_endings") and not (asked and words[-1] in _block("may_end_a_question"))


def looks_complete(text: str) -> bool:
    """Whether this is a whole question or a whole short reply."""
    words = plain_words(text)
    if not words or looks_unfinished(text):
        return False
    if len(words) <= _SHORT_REPLY:
        return all(word in _block("whole_replies") for word in words)
    return len(words) >= _SHORTEST_QUESTION and (text.rstrip().endswith("?") or _opens_as_question(words))


def _opens_as_question(words: list[str]) -> bool:
    first = next((word for word in words if word not in _block("openers")), "")
    return first in _block("question_words")


def join_fragments(fragments: list[str]) -> str:
    """One text from what was recognised between thinking pauses; the full stops the pauses made are taken out."""
    kept = [fragment.strip() for fragment in fragments if fragment.strip()]
    joined: list[str] = []
    for index, fragment in enumerate(kept):
        open_ended = looks_unfinished(fragment.rstrip(".… "))
        joined.append(fragment.rstrip(".… ") if index + 1 < len(kept) and open_ended else fragment)
    return " ".join(joined)
