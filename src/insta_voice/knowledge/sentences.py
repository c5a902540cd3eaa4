"""Text into sentences, by rules: good enough to speak one sentence of an article instead of the whole of it."""

import re

# A full stop after these, or after a single letter, ends no sentence.
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "etc", "vs", "cf", "no", "mr", "mrs", "ms", "dr", "st", "inc", "ltd", "approx", "fig", "al"}
)
# Between sentences: white space after an end mark, or nothing at all where a help centre's export glued them
# ("the whole team.How do I …").
_BOUNDARY = re.compile(
    r"(?<=[.!?])[\"')\]”’]*(?P<gap>\s+)(?=[\"'(\[“‘]?[A-Z0-9])"
    r"|(?<=[a-z)][.!?:])(?=[A-Z][a-z])"
    r"|(?P<line>\n)"
)
# Characters before a boundary in which an abbreviation is looked for: the longest has six and its full stop, the others
# are for brackets and quotation marks before it. Without a bound, a text of abbreviations is read over and over.
_REACH = 20


def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, each a part of it as it stands there, without surrounding space."""
    sentences: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary["line"] is None:
            end = boundary.end() if boundary["gap"] is None else boundary.start("gap")
            if _is_abbreviation(text[max(start, end - _REACH) : end]):
                continue
        if piece := text[start : boundary.end()].strip():
            sentences.append(piece)
        start = boundary.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def _is_abbreviation(ending: str) -> bool:
    """Whether the last word of a piece of text is one, with its full stop."""
    last = ending.split()[-1]
    if not last.endswith("."):
        return False
    word = last[:-1].lower().lstrip("(\"'")
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
