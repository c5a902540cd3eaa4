"""A question's vectors: from the first index whose model answers, within a caller's patience."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime

import pytest
from tests.support.virtual_clock import run_virtual

from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import Embedder, Index
from insta_voice.knowledge.embedding import TextRefusedError
from insta_voice.knowledge.question_vectors import QuestionVectors, vectors_of, vectors_within


class Model:
    """A model that can be away, or slow."""

    dimensions = 1

    def __init__(self, model: str = "a-model", *, takes_s: float = 0.0) -> None:
        self.model = model
        self.is_away = False
        self.takes_s = takes_s
        self.asked = 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += 1
        if self.is_away:
            raise EmbeddingError(detail="ConnectError")
        await asyncio.sleep(self.takes_s)
        return [[1.0] for _ in texts]


def ways(*models: Model) -> list[tuple[Index, Embedder]]:
    """Their indexes, the first in use."""
    return [
        (Index(model.model, 1, "ready" if n else "in use", datetime.now(UTC)), model) for n, model in enumerate(models)
    ]


def answered(found: QuestionVectors | None) -> str | None:
    return found.index.model if found else None


async def timed(done: Awaitable[QuestionVectors | None]) -> tuple[str | None, float]:
    """Which index answered, and after how many seconds."""
    began = asyncio.get_running_loop().time()
    return answered(await done), asyncio.get_running_loop().time() - began


class Short(Model):
    """Takes no long question."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if any(len(text) > 10 for text in texts):
            raise TextRefusedError(detail="HTTP 400")
        return await super().embed(texts)


async def test_a_question_that_is_not_taken_is_no_outage() -> None:
    both = ways(Short("short"), Model("behind"))
    assert answered(await vectors_within(both, ["How do I do that?"], 1.0)) == "behind"
    assert answered(await vectors_of(both, ["How do I do that?"])) == "behind"
    assert answered(await vectors_within(both, ["How?"], 1.0)) == "short", "it does not rest"


async def test_an_outage_is_logged_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "insta_voice")
    model = Model()
    answers = []
    for model.is_away in (False, True, True, False, False, True):
        answers.append(await vectors_within(ways(model), ["How?"], 1.0))
    assert [answer is None for answer in answers] == [False, True, True, False, False, True]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]
    assert "ConnectError" in caplog.text
    assert "by words alone" in caplog.text
    assert "How?" not in caplog.text


def test_a_model_that_hangs_is_waited_for_as_long_as_was_said() -> None:
    assert run_virtual(timed(vectors_within(ways(Model(takes_s=60)), ["How?"], 1.5))) == (None, pytest.approx(1.5))


def test_the_index_behind_answers_within_the_same_patience() -> None:
    hangs, behind = Model("provider", takes_s=60), Model("local", takes_s=0.1)
    found = run_virtual(timed(vectors_within(ways(hangs, behind), ["How?"], 1.5)))
    assert found == ("local", pytest.approx(1.0))


def test_who_failed_is_not_waited_for_again_until_it_has_rested(caplog: pytest.LogCaptureFixture) -> None:
    provider, behind = Model("provider"), Model("local")

    async def scene() -> list[str | None]:
        answers = []
        for provider.is_away, later_s in ((True, 0), (True, 1), (False, 13), (False, 2), (False, 0)):
            await asyncio.sleep(later_s)
            answers.append(answered(await vectors_within(ways(provider, behind), ["How?"], 1.5)))
        return answers

    assert run_virtual(scene()) == ["local", "local", "local", "provider", "provider"]
    assert provider.asked == 3
    assert "the index of local answers" in caplog.text


def test_who_keeps_failing_rests_twice_as_long_each_time_and_not_for_ever() -> None:
    provider, behind = Model("provider"), Model("local")

    async def scene() -> list[int]:
        provider.is_away = True
        asked = []
        for rest_s in (15, 30, 60, 120, 240, 300, 300):
            await vectors_within(ways(provider, behind), ["How?"], 1.5)
            await asyncio.sleep(rest_s - 1)
            await vectors_within(ways(provider, behind), ["How?"], 1.5)
            asked.append(provider.asked)
            await asyncio.sleep(1)
        return asked

    assert run_virtual(scene()) == [1, 2, 3, 4, 5, 6, 7]


def test_a_question_whose_patience_is_over_asks_nobody_and_makes_nobody_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider, behind = Model("provider"), Model("local")

    async def scene() -> list[str | None]:
        return [
            answered(await vectors_within(ways(provider, behind), ["How?"], patience_s)) for patience_s in (-0.1, 0, 1)
        ]

    assert run_virtual(scene()) == [None, None, "provider"]
    assert provider.asked == 1
    assert caplog.text == ""


def test_with_both_away_there_are_none_and_a_command_is_told_why() -> None:
    provider, behind = Model("provider"), Model("local")
    provider.is_away = behind.is_away = True

    async def scene() -> None:
        assert await vectors_within(ways(provider, behind), ["How?"], 1.5) is None
        with pytest.raises(EmbeddingError):
            await vectors_of(ways(provider, behind), ["How?"])
        behind.is_away = False
        assert answered(await vectors_of(ways(provider, behind), ["How?"])) == "local"
        with pytest.raises(EmbeddingError, match="kb status"):
            await vectors_of([], ["How?"])

    run_virtual(scene())
