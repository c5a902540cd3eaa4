"""The embedding model is away: a question is searched by words alone, and the log says so once."""

import asyncio
import logging
from collections.abc import Sequence

import pytest
from tests.support.virtual_clock import run_virtual

from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.confidence import Signals, confidence
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.words_alone import scored_by_words, vectors_within


class Model:
    """A model that can be away, or slow."""

    model, dimensions = "a-model", 1

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.is_away = False
        self.takes_s = takes_s

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.is_away:
            raise EmbeddingError(detail="ConnectError")
        await asyncio.sleep(self.takes_s)
        return [[1.0] for _ in texts]


async def test_an_outage_is_logged_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "insta_voice")
    model = Model()
    answers = []
    for model.is_away in (False, True, True, False, False, True):
        answers.append(await vectors_within(model, ["How?"], 1.0))
    assert [answer is None for answer in answers] == [False, True, True, False, False, True]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]
    assert "ConnectError" in caplog.text
    assert "How?" not in caplog.text


def test_a_model_that_hangs_is_waited_for_as_long_as_was_said() -> None:
    async def scene() -> float:
        began = asyncio.get_running_loop().time()
        assert await vectors_within(Model(takes_s=60), ["How?"], 1.5) is None
        return asyncio.get_running_loop().time() - began

    assert run_virtual(scene()) == pytest.approx(1.5)


def test_sentences_are_scored_by_the_words_they_share_with_the_question() -> None:
    told = (Sentence("Exports are made at night.", 0.0), Sentence("Choose Settings.", 0.0))
    found = Passage(1, "a-1", None, 1, "Export", "Export", "/help/a-1", "…", 0.65 / 2.65, told)
    scored = scored_by_words(found, "when is my data exported")
    assert scored.score == pytest.approx(1.0)
    assert [sentence.score for sentence in scored.sentences] == [0.5, 0.0]


def test_words_alone_are_never_as_sure_as_words_and_meaning() -> None:
    by_words = Signals(lexical=0.6, margin=0.2, known=1.0)
    with_meaning = Signals(cosine=0.6, sentence_cosine=0.6, lexical=0.6, margin=0.2, known=1.0)
    assert 0.5 < confidence(by_words) < confidence(with_meaning)
    assert confidence(Signals()) < 0.05
