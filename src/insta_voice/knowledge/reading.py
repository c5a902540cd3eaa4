"""The passages that a mind reads: the best one with the rest of its section, where that was cut into chunks.

Chunks are ranked and cited as they are. But a list of twelve steps that begins with the ninth cannot be told.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from insta_voice.knowledge.chunks import CHUNK_WORDS
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.hits import Hit, Neighbour

# A section of three chunks is read whole, whichever of them was found. With four more passages, a language model reads
# 1,120 words at most.
READ_WORDS = 3 * CHUNK_WORDS
_MARKER = re.compile(r"^ *(?:\d+\.|-) (?=\S)", re.MULTILINE)  # of a list item, as a Block has it


def passages_to_read(hits: Sequence[Hit], limit: int) -> tuple[Passage, ...]:
    """At most `limit` passages of `hits`, best first. What the best one is joined with does not come again."""
    if not hits:
        return ()
    first, *others = hits
    section = _section(first)
    joined = {neighbour.chunk_id for neighbour in section}
    rest = (hit.passage for hit in others if hit.passage.chunk_id not in joined)
    return (_joined(first.passage, section), *islice(rest, max(limit - 1, 0)))


def _section(hit: Hit) -> list[Neighbour]:
    """The neighbours that are read with it, in order: the nearest first, as far as the bound allows, without a gap."""
    taken: dict[int, Neighbour] = {}
    words = _words(hit.passage.text)
    for neighbour in sorted(hit.beside, key=lambda n: (abs(n.place), n.place)):
        inner = neighbour.place - (1 if neighbour.place > 0 else -1)
        words_with = words + _words(neighbour.text)
        if (inner == 0 or inner in taken) and words_with <= READ_WORDS:
            taken[neighbour.place] = neighbour
            words = words_with
    return [taken[place] for place in sorted(taken)]


def _words(text: str) -> int:
    """As a chunk is measured: without the marks of its list."""
    return len(_MARKER.sub("", text).split())


def _joined(passage: Passage, section: Sequence[Neighbour]) -> Passage:
    before = [neighbour for neighbour in section if neighbour.place < 0]
    after = [neighbour for neighbour in section if neighbour.place > 0]
    parts: tuple[Passage | Neighbour, ...] = (*before, passage, *after)
    text, sentences = "", list[Sentence]()
    for part in parts:
        text = _put_together(text, part.text)
        sentences += part.sentences
    return replace(passage, text=text, sentences=tuple(sentences))


def _put_together(text: str, more: str) -> str:
    """As make_chunks would have: items of a list side by side, an item that was cut itself in one piece."""
    if not text:
        return more
    last, first = _MARKER.match(text.rsplit("\n", 1)[-1]), _MARKER.match(more)
    if last and first and last[0] == first[0] and re.search(r"\d", first[0]):
        return f"{text} {more[first.end() :]}"
    return f"{text}\n{more}" if last and first else f"{text}\n\n{more}"
