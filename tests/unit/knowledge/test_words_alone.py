"""Searching by words alone: what stands for the vectors' part of a score."""

import pytest

from insta_voice.knowledge.confidence import Signals, confidence
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.words_alone import scored_by_words


def test_sentences_are_scored_by_the_words_they_share_with_the_question() -> None:
    told = (Sentence("Exports are made at night.", 0.0), Sentence("Choose Settings.", 0.0))
    found = Passage(1, "a-1", None, 1, "Export", "Export", "/help/a-1", "…", 0.35 / 1.85, told)
    scored = scored_by_words(found, "when is my data exported")
    assert scored.score == pytest.approx(1.0)
    assert [sentence.score for sentence in scored.sentences] == [0.5, 0.0]


def test_words_alone_are_never_as_sure_as_words_and_meaning() -> None:
    by_words = Signals(lexical=0.6, margin=0.2, known=1.0)
    with_meaning = Signals(ahead=0.3, sentence_cosine=0.6, lexical=0.6, margin=0.2, known=1.0)
    assert 0.5 < confidence(by_words) < confidence(with_meaning)
    assert confidence(Signals()) < 0.05
