"""Passages of different articles that say the same count as one: a handbook as a PDF and as pages, a page that is
reached under two addresses. Otherwise the lead of the best article is eaten by its own twin."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.hits import Hit

# Of the word triples of the one that has more: in a whole passage of 160 words, five single words that differ.
_NEARLY_SAME = 0.9
_SHINGLE_WORDS = 3
# "Yes." is the answer to another question under each title: fewer words say the same only under the same titles.
_SPEAKS_FOR_ITSELF_WORDS = 20
_SAME_SCORE = 1e-6

# Besides digits: one of these more, or another, and a passage says something else ("t" is what is left of "can't").
_DECISIVE_WORDS = """
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty hundred thousand
no not never none neither nor cannot t without only
nicht kein keine keinen nie ohne nur nunca sin jamás solo sólo
"""
_DECISIVE = frozenset(_DECISIVE_WORDS.split())

_WORD = re.compile(r"\w+")
_MARKER = re.compile(r"^\s*(?:\d{1,3}[.)]|[-*•+])\s+", re.MULTILINE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def folded(hits: Sequence[Hit]) -> list[Hit]:
    """`hits`, best first, without those that say the same as one of another article; that one has them as `twins`.

    The best of them stays; of equals one whose article has an address of its own, then the newer. Of two articles it is
    always the same one, so that what is left of the other does not stand beside it as a rival.
    """
    kept: list[Hit] = []
    texts: list[_Said] = []
    ahead: set[tuple[str, str]] = set()  # an article, and one that gave way to it
    for hit in hits:
        said = _Said(hit.passage)
        place = next((n for n, other in enumerate(texts) if said.is_the_same_as(other)), None)
        if place is None:
            kept.append(hit)
            texts.append(said)
            continue
        stays, goes = kept[place], hit
        if _comes_first(goes, stays, ahead):
            stays, goes = goes, stays
            texts[place] = said
        ahead.add((stays.passage.article_id, goes.passage.article_id))
        kept[place] = replace(stays, twins=(*stays.twins, *_each(goes)))
    return sorted(kept, key=lambda hit: -hit.passage.score) if ahead else kept


def unfolded(hits: Sequence[Hit]) -> list[Hit]:
    """The hits as they were found, twins and all, in the order of a search."""
    each = (one for hit in hits for one in _each(hit))
    return sorted(each, key=lambda hit: (-hit.passage.score, hit.passage.chunk_id))


def _each(hit: Hit) -> Iterator[Hit]:
    yield replace(hit, twins=())
    yield from hit.twins


def _comes_first(hit: Hit, kept: Hit, ahead: set[tuple[str, str]]) -> bool:
    """Whether `hit` is to stay instead of `kept`, which was found before it."""
    here, there = hit.passage.article_id, kept.passage.article_id
    if (here, there) in ahead or (there, here) in ahead:
        return (there, here) not in ahead
    if kept.beside and not hit.beside:
        return False  # what stands beside it in its section is read with it
    return kept.passage.score - hit.passage.score < _SAME_SCORE and _worth(hit) > _worth(kept)


def _worth(hit: Hit) -> tuple[bool, datetime]:
    has_address = hit.passage.url != f"/help/{hit.passage.article_id}"
    return has_address, hit.updated_at or _LONG_AGO


class _Said:
    """What a passage says, whatever its case, its punctuation, its spaces and the marks of its lists."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._words = _words(_MARKER.sub("", passage.text))

    def is_the_same_as(self, other: "_Said") -> bool:
        if self._passage.article_id == other._passage.article_id:
            return False
        fewer, more = sorted((len(self._words), len(other._words)))
        if fewer < _NEARLY_SAME * more:
            return False
        if fewer < _SPEAKS_FOR_ITSELF_WORDS:
            return self._words == other._words and self._titles == other._titles
        return self._words == other._words or self._is_nearly(other)

    def _is_nearly(self, other: "_Said") -> bool:
        """Other numbers, or the same in another order, a "not", or a word that also tells their titles apart make two
        of them: the limits of two plans, the same steps with two products."""
        different = self._vocabulary ^ other._vocabulary
        subjects = set(self._titles) ^ set(other._titles)
        if different & subjects or self._decisive != other._decisive:
            return False
        most = max(len(self._shingles), len(other._shingles))
        return len(self._shingles & other._shingles) >= _NEARLY_SAME * most

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        return _words(f"{self._passage.title} {self._passage.heading}")

    @cached_property
    def _decisive(self) -> list[str]:
        return [word for word in self._words if word in _DECISIVE or any(map(str.isdigit, word))]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(self._words)

    @cached_property
    def _shingles(self) -> frozenset[tuple[str, ...]]:
        places = range(len(self._words) - _SHINGLE_WORDS + 1)
        return frozenset(self._words[place : place + _SHINGLE_WORDS] for place in places)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
