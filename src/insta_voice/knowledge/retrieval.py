"""What a caller said into evidence: once a turn, before anything thinks about it.

A follow-up is searched twice in the same round trip, as it is and with the question it hangs on; a passage has to
please both, so that "and what's the capital of Peru" finds no comfort in the question before it. A reply to "do you
mean this or that?" is searched as the question that it decides, in the article that was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insta_voice.db import Database
from insta_voice.knowledge.asking_back import choice_of
from insta_voice.knowledge.choosing import chosen
from insta_voice.knowledge.confidence import Signals, confidence, signals_of
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS, Choice, Context, Evidence, Passage, Sentence
from insta_voice.knowledge.questions import Continuation, Part, continuation, split_questions, strip_fillers
from insta_voice.knowledge.search import Hit, search
from insta_voice.settings import get_settings

MAX_PASSAGES = 5
# A question's vector takes 10 ms, tenths of a second on a busy speech server. A turn waits 2.5 s for its evidence at
# most (agent/evidence.py), and the database needs a part of that.
PATIENCE_S = 1.5
# How much of a follow-up's score its own words decide; fitted on follow-ups to the demo company's articles.
_OWN_SHARE = 0.5
# The article just spoken from is where a follow-up most likely goes on: about the distance of two good articles.
_SAME_ARTICLE = 0.05


@dataclass(frozen=True, slots=True)
class _Asked:
    part: Part
    query: str  # with the question it hangs on, or the part itself


async def gather_evidence(
    db: Database,
    embedder: Embedder,
    heard: str,
    *,
    user_id: str,
    context: Context,
    patience_s: float = PATIENCE_S,
) -> tuple[Evidence, ...]:
    """The evidence for each question in what was heard, 1 to 3; one without passages when nothing was asked.

    While the embedding model is away or slow, the index of another stands in; within `patience_s`, or by words alone.
    DBDriverError when the database is.
    """
    if context.choice is not None and (meant := chosen(heard, context.choice)) is not None:
        return await _of_choice(db, embedder, context.choice, meant, user_id=user_id, patience_s=patience_s)
    asked = [_resolve(part, before) for part, before in _with_what_was_before(split_questions(heard), context)]
    if not asked:
        return (Evidence(strip_fillers(heard) or heard, "", (), 0.0, False),)
    queries = list(dict.fromkeys(query for a in asked for query in (a.part.text, a.query)))
    hits = await search(db, embedder, queries, user_id=user_id, patience_s=patience_s)
    found = dict(zip(queries, hits, strict=True))
    evidence = tuple(
        _weigh(a, found[a.part.text], found[a.query], context.last_article_id if index == 0 else None)
        for index, a in enumerate(asked)
    )
    if len(evidence) > 1 or context.choice is not None or evidence[0].query != asked[0].part.text:
        return evidence  # one thing at a time, not twice in a row, and not what the conversation decides
    return (_with_choice(evidence[0], found[asked[0].part.text]),)


async def _of_choice(
    db: Database,
    embedder: Embedder,
    choice: Choice,
    meant: Sequence[Passage],
    *,
    user_id: str,
    patience_s: float,
) -> tuple[Evidence, ...]:
    """What the articles that were chosen say to the question; one without passages when none was."""
    if not meant:
        return (Evidence(choice.question, choice.question, (), 0.0, False, chosen=True),)
    queries = [f"{choice.question} {passage.title}" for passage in meant]
    hits = await search(db, embedder, queries, user_id=user_id, patience_s=patience_s)
    return tuple(
        replace(_of_article(choice.question, query, found, passage.article_id), chosen=True)
        for query, found, passage in zip(queries, hits, meant, strict=True)
    )


def _of_article(question: str, query: str, hits: Sequence[Hit], article_id: str) -> Evidence:
    """The caller has put the other articles out of the question: this one is ahead by its whole score."""
    own = [hit for hit in hits if hit.passage.article_id == article_id]
    return _evidence(question, query, own, confidence(signals_of(own)))


def _with_choice(evidence: Evidence, hits: Sequence[Hit]) -> Evidence:
    if evidence.index == BY_WORDS:
        return evidence  # how plausible an article is by words alone was not measured
    gate = get_settings().knowledge.answer_confidence
    return replace(evidence, choice=choice_of(evidence.question, hits, gate))


def _with_what_was_before(parts: Sequence[Part], context: Context) -> list[tuple[Part, str]]:
    """Each part with the question it may hang on: the first on the conversation, the others on the part before."""
    before = _last_topic(context)
    pairs = []
    for part in parts:
        pairs.append((part, before))
        before = part.text if part.continuation is Continuation.NONE else f"{before} {part.text}".strip()
    return pairs


def _last_topic(context: Context) -> str:
    """The last question, with the one it hung on itself: a topic survives a row of follow-ups."""
    questions = [strip_fillers(q) for q in context.questions]
    if context.last_question and strip_fillers(context.last_question) not in questions[-1:]:
        questions.append(strip_fillers(context.last_question))
    topic: list[str] = []
    for question in reversed([q for q in questions if q]):
        topic.insert(0, question)
        if continuation(question) is Continuation.NONE:
            break
    # the topic and the latest of its follow-ups; those between would only blur it
    return " ".join([topic[0], topic[-1]] if len(topic) > 1 else topic)


def _resolve(part: Part, before: str) -> _Asked:
    hangs = part.continuation is not Continuation.NONE and before
    return _Asked(part, f"{before} {part.text}" if hangs else part.text)


def _weigh(asked: _Asked, own: list[Hit], joined: list[Hit], last_article_id: str | None) -> Evidence:
    alone = confidence(signals_of(own))
    if asked.query == asked.part.text:
        return _evidence(asked.part.text, asked.query, own, alone)
    together = _blend(own, joined, last_article_id)
    certain = asked.part.continuation is Continuation.CERTAIN
    sure = confidence(_blended_signals(own, joined, together, certain=certain))
    if not certain and alone > sure:
        return _evidence(asked.part.text, asked.part.text, own, alone)
    return _evidence(asked.part.text, asked.query, together, sure)


def _blend(own: Sequence[Hit], joined: Sequence[Hit], last_article_id: str | None) -> list[Hit]:
    """The hits of both searches by the mean of their scores; one that only one search found has the other's least."""
    mine, theirs = {h.passage.chunk_id: h for h in own}, {h.passage.chunk_id: h for h in joined}
    blended = []
    for chunk_id in {**theirs, **mine}:
        a, b = mine.get(chunk_id), theirs.get(chunk_id)
        hit = a or b
        assert hit is not None
        score = _mean(a.passage.score if a else _least(own), b.passage.score if b else _least(joined))
        bonus = _SAME_ARTICLE if hit.passage.article_id == last_article_id else 0.0
        passage = replace(hit.passage, score=min(1.0, score + bonus), sentences=_mean_sentences(a, b))
        blended.append(replace(hit, passage=passage))
    return sorted(blended, key=lambda hit: (-hit.passage.score, hit.passage.chunk_id))


def _mean(own: float, joined: float) -> float:
    return _OWN_SHARE * own + (1 - _OWN_SHARE) * joined


def _least(hits: Sequence[Hit]) -> float:
    return min((hit.passage.score for hit in hits), default=0.0)


def _mean_sentences(a: Hit | None, b: Hit | None) -> tuple[Sentence, ...]:
    if a is None or b is None:
        only = a or b
        assert only is not None
        return only.passage.sentences
    return tuple(
        Sentence(mine.text, _mean(mine.score, theirs.score))
        for mine, theirs in zip(a.passage.sentences, b.passage.sentences, strict=True)
    )


def _blended_signals(own: Sequence[Hit], joined: Sequence[Hit], together: Sequence[Hit], *, certain: bool) -> Signals:
    """The mean figures of both searches, taken from the passages that are about to be used.

    Words no article has count in full where the question may as well have been about something else.
    """
    used = {hit.passage.chunk_id for hit in together[:3]}
    a = signals_of([hit for hit in own if hit.passage.chunk_id in used])
    b = signals_of([hit for hit in joined if hit.passage.chunk_id in used])
    own_known = signals_of(own).known
    return Signals(
        cosine=_mean(a.cosine, b.cosine),
        sentence_cosine=_mean(a.sentence_cosine, b.sentence_cosine),
        lexical=_mean(a.lexical, b.lexical),
        margin=signals_of(together).margin,
        known=_mean(own_known, b.known) if certain else own_known,
    )


def _evidence(question: str, query: str, hits: Sequence[Hit], sure: float) -> Evidence:
    passages = tuple(hit.passage for hit in hits[:MAX_PASSAGES])
    answerable = bool(passages) and sure >= get_settings().knowledge.answer_confidence
    index = passages[0].index if passages else ""
    return Evidence(question, query, passages, sure if passages else 0.0, answerable, index)
