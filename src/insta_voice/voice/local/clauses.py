"""Cuts what is to be spoken into pieces: a short first clause, to be heard soon, then sentences.

Piper synthesises a piece at a time and nothing is heard before the piece is whole, so the first one is
short. Later pieces are bounded too: speech stops at the next piece when it is cancelled, and one piece
holds a core for its time.
"""

import re
from dataclasses import dataclass

FIRST_CLAUSE_CHARS = (10, 70)  # shorter sounds chopped off; 70 characters are heard after about 0.4 s
LATER_PIECE_CHARS = (60, 220)
PAUSE_SENTENCE_S = 0.30
PAUSE_CLAUSE_S = 0.12

_ABBREVIATIONS = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|approx|Inc|Ltd|e\.g|i\.e|a\.m|p\.m|U\.S)\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n+")
_CLAUSE_END = re.compile(r"[,;:][\"'”’)\]]*(?=\s)|\s[–—-](?=\s)")
# Words a speaker can take a breath before.
_BREATH = re.compile(r"\s(?=(?:and|or|but|because|when|if|then|which|that|so|where|until|unless|while|after|before)\s)")


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is source[start:end] without the space around it; it begins with `pause_before_s` of silence."""

    text: str
    start: int
    end: int
    pause_before_s: float


def split_for_speech(text: str, *, after: str = "") -> list[Piece]:
    """The pieces of `text` in order. `after` is what was spoken just before, if this goes on from it."""
    pieces: list[Piece] = []
    for start, end in _sentences(text):
        while start < end:
            cut = _later_cut(text[start:end]) if pieces or after else _first_cut(text[start:end])
            piece_end = start + cut if cut else end
            spoken = text[start:piece_end].strip()
            if spoken:
                before = pieces[-1].text if pieces else after
                pieces.append(Piece(spoken, start, piece_end, pause_after(before)))
            start = piece_end
    return pieces


def first_clause(text: str) -> str:
    """The clause that begins `text`, which goes on, if it would be spoken by itself; "" while that is not certain."""
    pieces = split_for_speech(text)
    certain = len(pieces) > 1 and pause_after(pieces[0].text) == PAUSE_CLAUSE_S
    return pieces[0].text if certain else ""


def pause_after(spoken: str) -> float:
    """Seconds of silence that follow `spoken`, by how it ends."""
    ending = spoken.rstrip().rstrip("\"'”’)]")[-1:]
    if not ending:
        return 0.0
    if ending in ".!?…":
        return PAUSE_SENTENCE_S
    return PAUSE_CLAUSE_S if ending in ",;:–—-" else 0.0


def _sentences(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATIONS.search(text[start : match.end()]):
            continue
        spans.append((start, match.end()))
        start = match.end()
    return [*spans, (start, len(text))]


def _first_cut(sentence: str) -> int:
    """Where the first clause of `sentence` ends, or 0 when it is best spoken whole."""
    shortest, longest = FIRST_CLAUSE_CHARS
    ends = _places(_CLAUSE_END, sentence, shortest, longest)
    rest = sentence[ends[0] :] if ends else ""
    if ends and (rest.isspace() or len(rest) >= shortest // 2):
        return ends[0]
    breaths = _places(_BREATH, sentence, 2 * shortest, longest) if len(sentence) > longest else []
    return breaths[0] if breaths else _later_cut(sentence)


def _later_cut(sentence: str) -> int:
    """Where to cut a sentence that is too long for one piece, or 0."""
    shortest, longest = LATER_PIECE_CHARS
    if len(sentence) <= longest:
        return 0
    places = _places(_CLAUSE_END, sentence, shortest, longest) or _places(_BREATH, sentence, shortest, longest)
    space = sentence.rfind(" ", shortest, longest)
    return places[-1] if places else max(space, 0) or longest


def _places(pattern: re.Pattern[str], sentence: str, shortest: int, longest: int) -> list[int]:
    # A clause ends after its comma; a breath is taken before its word: both are where the match ends, as the
    # space around a piece is not spoken.
    return [match.end() for match in pattern.finditer(sentence) if shortest <= match.end() <= longest]


class ClauseFeed:
    """Pieces out of text that arrives in tokens: each as soon as it is certain where it ends."""

    def __init__(self) -> None:
        self._waiting = ""
        self._last = ""

    def push(self, token: str) -> list[str]:
        """What can be spoken now that `token` has come."""
        self._waiting += token
        pieces = split_for_speech(self._waiting, after=self._last)
        ready = [piece for piece in pieces if piece.end < len(self._waiting)]  # the last one may go on
        if ready:
            self._waiting = self._waiting[ready[-1].end :]
            self._last = ready[-1].text
        return [piece.text for piece in ready]

    def flush(self) -> list[str]:
        """The rest."""
        pieces = split_for_speech(self._waiting, after=self._last)
        self._waiting = ""
        self._last = pieces[-1].text if pieces else self._last
        return [piece.text for piece in pieces]
