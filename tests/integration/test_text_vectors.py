"""The vectors of the two local models in one, with the real weights."""

import numpy as np
import pytest
from numpy.typing import NDArray

from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.voice.local.text_vectors import DIMENSIONS, MAX_TOKENS, TextVectors

QUESTION = "How do I reset my password?"
LONG = "You may change the address of your workspace once a month. " * 100


@pytest.fixture(scope="module")
def model() -> TextVectors:
    return TextVectors()


def embed(model: TextVectors, *texts: str) -> list[NDArray[np.float64]]:
    return [np.array(vector) for vector in model.embed(texts)]


def test_two_thirds_of_a_cosine_are_the_one_models_and_a_third_the_others(model: TextVectors) -> None:
    half = DIMENSIONS // 2
    [vector] = embed(model, QUESTION)
    assert vector.shape == (DIMENSIONS,)
    assert vector[:half] @ vector[:half] == pytest.approx(2 / 3, abs=1e-5)
    assert vector[half:] @ vector[half:] == pytest.approx(1 / 3, abs=1e-5)


def test_strangers_are_far_apart_and_what_means_the_same_is_near(model: TextVectors) -> None:
    asked, same, strange = embed(model, QUESTION, "I forgot my password.", "The office is closed on public holidays.")
    assert asked @ same > 0.5
    assert abs(asked @ strange) < 0.15


def test_a_text_that_is_too_long_is_its_beginning(model: TextVectors) -> None:
    whole, longer = embed(model, LONG, LONG + "Invoices are sent by email.")
    assert whole @ longer == pytest.approx(1, abs=1e-6)
    assert model.count_tokens(LONG) == MAX_TOKENS
    # what MiniLM does not read any more, bge does
    half = DIMENSIONS // 2
    [beyond] = embed(model, LONG[: len(LONG) // 3] + "Invoices are sent by email.")
    [without] = embed(model, LONG[: len(LONG) // 3])
    assert beyond[half:] @ without[half:] * 3 == pytest.approx(1, abs=1e-5)
    assert beyond[:half] @ without[:half] * 1.5 < 0.999


def test_a_question_that_is_waited_for_has_the_vector_that_it_has_otherwise(model: TextVectors) -> None:
    assert model.embed_question(QUESTION) == pytest.approx(model.embed([QUESTION])[0], abs=1e-6)


def test_the_database_knows_them_by_this_name(model: TextVectors) -> None:
    assert (model.model, model.dimensions) == (LOCAL_MODEL, LOCAL_DIMENSIONS)


def test_an_empty_text_has_a_vector_too(model: TextVectors) -> None:
    [vector] = embed(model, "")
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
