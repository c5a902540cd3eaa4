"""What a caller said into evidence: once a turn, before anything thinks about it.

A follow-up is searched twice in the same round trip, as it is and with the question it hangs on; a passage has to
please both, so that "and what's the capital of Peru" finds no comfort in the question before it. A reply to "do you
mean this or that?" is searched as the question that it decides, in the article that was chosen.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from insta_voice.db import Database
from insta_voice.knowledge.asking_back import choice_of
from insta_voice.knowledge.blending import blend, blended_signals
from insta_voice.knowledge.choosing import chosen
from insta_voice.knowledge.confidence import confidence, signals_of
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.evidence import BY_WORDS, Choice, Context, Evidence, Passage
from insta_voice.knowledge.folding import unfolded
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.questions import Continuation, Part, continuation, split_questions, strip_fillers
from insta_voice.knowledge.reading import passages_to_read
from insta_voice.knowledge.search import MATCH_COUNT, search
from insta_voice.settings import get_settings

MAX_PASSAGES = 5
# A question's vector takes 10 ms, tenths of a second on a busy speech server. A turn waits 2.5 s for its evidence at
# most (agent/evidence.py), and the database needs a part of that.
PATIENCE_S = 1.5

_Ask = Callable[[Sequence[str]], Awaitable[list[list[Hit]]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """The evidence for one question, and the hits that it was taken from, best first, with those that came behind."""

    evidence: Evidence
    hits: tuple[Hit, ...] = ()


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
    judged = await judge(db, embedder, heard, user_id=user_id, context=context, patience_s=patience_s)
    return tuple(one.evidence for one in judged)


async def judge(
    db: Database,
    embedder: Embedder,
    heard: str,
    *,
    user_id: str | None = None,
    audiences: Sequence[str] | None = None,
    context: Context | None = None,
    match_count: int = MATCH_COUNT,
    patience_s: float | None = None,
) -> tuple[Judged, ...]:
    """The evidence with its hits, `match_count` for each question or more: what calls, the command line and programs
    are told is judged here. Whoever asks, and `patience_s`, are as for `search`, and so are the errors.
    """
    context = context or Context()
    ask: _Ask = partial(
        search,
        db,
        embedder,
        user_id=user_id,
        audiences=audiences,
        match_count=max(match_count, MATCH_COUNT),
        patience_s=patience_s,
    )
    if context.choice is not None and (meant := chosen(heard, context.choice)) is not None:
        return await _of_choice(ask, context.choice, meant)
    asked = [_resolve(part, before) for part, before in _with_what_was_before(split_questions(heard), context)]
    if not asked:
        return (Judged(Evidence(strip_fillers(heard) or heard, "", (), 0.0, False)),)
    queries = list(dict.fromkeys(query for a in asked for query in (a.part.text, a.query)))
    found = dict(zip(queries, await ask(queries), strict=True))
    judged = tuple(
        _weigh(a, found[a.part.text], found[a.query], context.last_article_id if index == 0 else None)
        for index, a in enumerate(asked)
    )
    if len(judged) > 1 or context.choice is not None or judged[0].evidence.query != asked[0].part.text:
        return judged  # one thing at a time, not twice in a row, and not what the conversation decides
    return (_with_choice(judged[0]),)


async def _of_choice(ask: _Ask, choice: Choice, meant: Sequence[Passage]) -> tuple[Judged, ...]:
    """What the articles that were chosen say to the question; one without passages when none was."""
    if not meant:
        return (Judged(Evidence(choice.question, choice.question, (), 0.0, False, chosen=True)),)
    queries = [f"{choice.question} {passage.title}" for passage in meant]
    judged = (
        _of_article(choice.question, query, found, passage.article_id)
        for query, found, passage in zip(queries, await ask(queries), meant, strict=True)
    )
    return tuple(replace(one, evidence=replace(one.evidence, chosen=True)) for one in judged)


def _of_article(question: str, query: str, hits: Sequence[Hit], article_id: str) -> Judged:
    """The caller has put the other articles out of the question: this one is ahead by its whole score."""
    own = [hit for hit in unfolded(hits) if hit.passage.article_id == article_id]
    return _judged(question, query, own, confidence(signals_of(own)))


def _with_choice(judged: Judged) -> Judged:
    evidence = judged.evidence
    if evidence.index == BY_WORDS:
        return judged  # how plausible an article is by words alone was not measured
    choice = choice_of(evidence.question, judged.hits[:MATCH_COUNT], get_settings().knowledge.answer_confidence)
    return replace(judged, evidence=replace(evidence, choice=choice))


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


def _weigh(asked: _Asked, own: list[Hit], joined: list[Hit], last_article_id: str | None) -> Judged:
    """Judged by the first hits of each, however many were asked for: a call and a longer list are equally sure."""
    mine, theirs = own[:MATCH_COUNT], joined[:MATCH_COUNT]
    alone = confidence(signals_of(mine))
    if asked.query == asked.part.text:
        return _judged(asked.part.text, asked.query, own, alone)
    together = blend(mine, theirs, last_article_id)
    certain = asked.part.continuation is Continuation.CERTAIN
    sure = confidence(blended_signals(mine, theirs, together, certain=certain))
    if not certain and alone > sure:
        return _judged(asked.part.text, asked.part.text, own, alone)
    among_them = {hit.passage.chunk_id for hit in unfolded(together)}
    others = (hit for hit in own[MATCH_COUNT:] if hit.passage.chunk_id not in among_them)
    return _judged(asked.part.text, asked.query, [*together, *others], sure)


def _judged(question: str, query: str, hits: Sequence[Hit], sure: float) -> Judged:
    passages = passages_to_read(hits, MAX_PASSAGES)
    answerable = bool(passages) and sure >= get_settings().knowledge.answer_confidence
    index = passages[0].index if passages else ""
    evidence = Evidence(question, query, passages, sure if passages else 0.0, answerable, index)
    return Judged(evidence, tuple(hits))
