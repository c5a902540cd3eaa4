"""From evidence to the sources that the page shows, and to what the record keeps of a search."""

from collections.abc import Sequence

from insta_voice.agent.responder.questions import asked_parts
from insta_voice.calls import Search, Source
from insta_voice.knowledge import Evidence, Passage


def beside_account(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """What was found for questions that ask for no fact of the caller's account: no article knows those."""
    asked = asked_parts(evidence[0].question, evidence) if evidence else ()
    return [part.evidence for part in asked if part.evidence is not None and not part.asks_account]


def best_sources(evidence: Sequence[Evidence]) -> tuple[Source, ...]:
    """For each question that can be answered, the sentence of the best passage that answers it best."""
    best = [part.passages[0] for part in evidence if part.answerable and not part.choice and part.passages]
    quotes = [
        max(passage.sentences, key=lambda s: s.score).text if passage.sentences else passage.text for passage in best
    ]
    return tuple(dict.fromkeys(source_of(passage, quote) for passage, quote in zip(best, quotes, strict=True)))


def searches_of(evidence: tuple[Evidence, ...]) -> tuple[Search, ...]:
    """What the articles were asked, and how sure it was that they answer it: not what is of the account alone."""
    asked = asked_parts(evidence[0].question, evidence) if evidence else ()
    to_articles = [part.evidence for part in asked if part.evidence is not None and not part.is_of_account]
    return tuple(
        Search(part.question, part.query, round(part.confidence, 4), part.answerable, part.index)
        for part in to_articles
        if part.query
    )


def source_of(passage: Passage, quote: str) -> Source:
    """A sentence of a passage as a source."""
    return Source(
        article_id=passage.article_id,
        title=passage.title,
        url=passage.url,
        quote=quote,
        heading=passage.heading,
        version=passage.version,
        index=passage.index,
    )
