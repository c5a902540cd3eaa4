"""Text into sentences, by rules: good enough to speak one sentence of an article instead of the whole of it."""

import re

# A full stop after these ends no sentence.
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
_LAST_WORD = re.compile(r"(\S+)\.$")


def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, each a part of it as it stands there, without surrounding space."""
    sentences: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        piece = text[start : boundary.end()].strip()
        if not piece or (boundary["line"] is None and _ends_in_abbreviation(piece)):
            continue
        sentences.append(piece)
        start = boundary.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def _ends_in_abbreviation(piece: str) -> bool:
    last = _LAST_WORD.search(piece)
    if last is None:
        return False
    word = last[1].lower().lstrip("(\"'")
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
