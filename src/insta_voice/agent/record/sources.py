"""From evidence to the sources that the page shows and the record keeps."""

from insta_voice.calls import Source
from insta_voice.knowledge import Evidence, Passage


def best_sources(evidence: tuple[Evidence, ...]) -> tuple[Source, ...]:
    """For each question that can be answered, the sentence of the best passage that answers it best."""
    best = [part.passages[0] for part in evidence if part.answerable and part.passages]
    quotes = [
        max(passage.sentences, key=lambda s: s.score).text if passage.sentences else passage.text for passage in best
    ]
    return tuple(dict.fromkeys(source_of(passage, quote) for passage, quote in zip(best, quotes, strict=True)))


def source_of(passage: Passage, quote: str) -> Source:
    """A sentence of a passage as a source."""
    return Source(
        article_id=passage.article_id,
        title=passage.title,
        url=passage.url,
        quote=quote,
        heading=passage.heading,
        version=passage.version,
    )
