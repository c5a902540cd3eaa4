"""What the scripted model of `bench.latency` says rests on what our search finds: our own check lets it pass, so that
every side of the comparison says the same.
"""

import pytest
from bench.latency.script import NOTHING_KNOWN, PAUSED, QUESTIONS, Question
from tests.support.knowledge import CALLER

from insta_voice.agent.grounding import Material, unsupported
from insta_voice.db import Database
from insta_voice.knowledge import Context, LocalEmbedder, gather_evidence


@pytest.mark.parametrize("question", [*QUESTIONS, *PAUSED], ids=lambda question: question.text)
async def test_the_answer_passes_with_what_is_found(
    company: Database, embedder: LocalEmbedder, question: Question
) -> None:
    evidence = await gather_evidence(company, embedder, question.text, user_id=CALLER, context=Context())
    passages = [passage for part in evidence if part.answerable for passage in part.passages]
    material = Material(tuple(f"{one.title}. {one.heading}. {one.text}" for one in passages))
    assert unsupported(question.answer, material) == ()


def test_words_that_ask_nothing_are_answered_without_anything_found() -> None:
    assert unsupported(NOTHING_KNOWN, Material(())) == ()
