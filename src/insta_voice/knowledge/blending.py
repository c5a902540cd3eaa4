"""A follow-up's two searches into one: of its own words, and with the question that it hangs on."""

from collections.abc import Sequence
from dataclasses import replace

from insta_voice.knowledge.confidence import Signals, signals_of
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.folding import folded, unfolded
from insta_voice.knowledge.hits import Hit, Neighbour

# How much of a follow-up's score its own words decide; fitted on follow-ups to the demo company's articles.
_OWN_SHARE = 0.5
# The article just spoken from is where a follow-up most likely goes on: about the distance of two good articles.
_SAME_ARTICLE = 0.05


def blend(own: Sequence[Hit], joined: Sequence[Hit], last_article_id: str | None) -> list[Hit]:
    """The hits of both searches by the mean of their scores; one that only one search found has the other's least.
    Each may have kept another of two that say the same: they are folded once more, together.
    """
    mine = {hit.passage.chunk_id: hit for hit in unfolded(own)}
    theirs = {hit.passage.chunk_id: hit for hit in unfolded(joined)}
    blended = []
    for chunk_id in {**theirs, **mine}:
        a, b = mine.get(chunk_id), theirs.get(chunk_id)
        hit = a or b
        assert hit is not None
        score = _mean(a.passage.score if a else _least(own), b.passage.score if b else _least(joined))
        bonus = _SAME_ARTICLE if hit.passage.article_id == last_article_id else 0.0
        sentences = _mean_sentences(a.passage if a else None, b.passage if b else None)
        passage = replace(hit.passage, score=min(1.0, score + bonus), sentences=sentences)
        blended.append(replace(hit, passage=passage, beside=_mean_beside(a, b)))
    return folded(sorted(blended, key=lambda hit: (-hit.passage.score, hit.passage.chunk_id)))


def _mean(own: float, joined: float) -> float:
    return _OWN_SHARE * own + (1 - _OWN_SHARE) * joined


def _least(hits: Sequence[Hit]) -> float:
    return min((hit.passage.score for hit in hits), default=0.0)


def _mean_beside(a: Hit | None, b: Hit | None) -> tuple[Neighbour, ...]:
    """Both have the same neighbours, or one has none: it was not among the best of its search."""
    mine, theirs = ({n.place: n for n in hit.beside} if hit else {} for hit in (a, b))
    places = sorted({*mine, *theirs})
    return tuple(
        replace(mine.get(place) or theirs[place], sentences=_mean_sentences(mine.get(place), theirs.get(place)))
        for place in places
    )


def _mean_sentences(a: Passage | Neighbour | None, b: Passage | Neighbour | None) -> tuple[Sentence, ...]:
    if a is None or b is None:
        only = a or b
        assert only is not None
        return only.sentences
    return tuple(
        Sentence(mine.text, _mean(mine.score, theirs.score))
        for mine, theirs in zip(a.sentences, b.sentences, strict=True)
    )


def blended_signals(own: Sequence[Hit], joined: Sequence[Hit], together: Sequence[Hit], *, certain: bool) -> Signals:
    """The mean figures of both searches, taken from the passages that are about to be used.

    Words no article has count in full where the question may as well have been about something else.
    """
    used = {hit.passage.chunk_id for hit in together[:3]}
    a = signals_of([hit for hit in unfolded(own) if hit.passage.chunk_id in used])
    b = signals_of([hit for hit in unfolded(joined) if hit.passage.chunk_id in used])
    own_known = signals_of(own).known
    return Signals(
        sentence_cosine=_mean(a.sentence_cosine, b.sentence_cosine),
        lexical=_mean(a.lexical, b.lexical),
        margin=signals_of(together).margin,
        known=_mean(own_known, b.known) if certain else own_known,
        ahead=_mean(a.ahead, b.ahead),
    )
