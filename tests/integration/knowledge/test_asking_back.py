"""Asking back between two of the demo company's articles with the real model, and what the caller's reply finds."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.kb import start_kb
from tests.support.knowledge import CALLER
from tests.support.postgres import on_database

from insta_voice.db import Database
from insta_voice.knowledge import Choice, Context, Evidence, LocalEmbedder, find_answers, gather_evidence
from insta_voice.stack.postgres import EmbeddedPostgres

QUESTION = "I want to pick another plan."
SMALLER, LARGER = "downgrade-plan", "upgrade-plan"
BEFORE = "How do I turn on two-factor authentication?"


async def ask(db: Database, embedder: LocalEmbedder, heard: str, context: Context | None = None) -> Evidence:
    (evidence,) = await gather_evidence(db, embedder, heard, user_id=CALLER, context=context or Context())
    return evidence


async def asked_back(db: Database, embedder: LocalEmbedder, heard: str = QUESTION) -> Choice:
    evidence = await ask(db, embedder, heard, Context(BEFORE, None, (BEFORE,)))
    assert evidence.choice is not None
    return evidence.choice


@pytest.mark.parametrize(
    "heard",
    [
        QUESTION,
        "Um, I wanted to pick another plan",
        "I want to pick a another plan.",
        "I want to take another plan.",
        "I need to pick another plan.",
        "I want to pick a different plan.",
    ],
)
async def test_a_question_of_two_is_asked_back(company: Database, embedder: LocalEmbedder, heard: str) -> None:
    choice = await asked_back(company, embedder, heard)
    assert {passage.external_id for passage in choice.candidates} == {SMALLER, LARGER}


@pytest.mark.parametrize(
    ("heard", "article"), [("The smaller plan.", SMALLER), ("the upgrade", LARGER), ("Um, the smaller plant", SMALLER)]
)
async def test_the_reply_is_searched_as_the_question_in_the_article_that_was_chosen(
    company: Database, embedder: LocalEmbedder, heard: str, article: str
) -> None:
    choice = await asked_back(company, embedder)
    decided = await ask(company, embedder, heard, Context(choice=choice))
    assert (decided.question, decided.chosen, decided.answerable) == (QUESTION, True, True)
    assert {passage.external_id for passage in decided.passages} == {article}


@pytest.mark.parametrize(("heard", "place"), [("The first one.", 0), ("the second, please", 1)])
async def test_a_place_chooses_too(company: Database, embedder: LocalEmbedder, heard: str, place: int) -> None:
    choice = await asked_back(company, embedder)
    decided = await ask(company, embedder, heard, Context(choice=choice))
    assert decided.answerable
    assert {passage.article_id for passage in decided.passages} == {choice.candidates[place].article_id}


async def test_after_neither_nothing_is_known(company: Database, embedder: LocalEmbedder) -> None:
    choice = await asked_back(company, embedder)
    decided = await ask(company, embedder, "Neither of them.", Context(choice=choice))
    assert (decided.question, decided.chosen) == (QUESTION, True)
    assert (decided.answerable, decided.passages) == (False, ())


async def test_another_question_is_searched_for_itself(company: Database, embedder: LocalEmbedder) -> None:
    choice = await asked_back(company, embedder)
    other = await ask(company, embedder, "How do I reset my password?", Context(choice=choice))
    assert (other.passages[0].external_id, other.answerable, other.chosen) == ("reset-password", True, False)


async def test_nobody_is_asked_back_twice_in_a_row(company: Database, embedder: LocalEmbedder) -> None:
    choice = await asked_back(company, embedder)
    assert (await ask(company, embedder, QUESTION, Context(choice=choice))).choice is None


@pytest.mark.parametrize(
    "heard",
    [
        "How do I reset my password?",
        "What is the capital of Peru?",
        "I want to pick another plan, and what is the capital of Peru?",
    ],
)
async def test_what_is_answered_unknown_or_of_two_parts_is_not_asked_back(
    company: Database, embedder: LocalEmbedder, heard: str
) -> None:
    found = await gather_evidence(company, embedder, heard, user_id=CALLER, context=Context())
    assert [evidence.choice for evidence in found] == [None] * len(found)


async def test_an_article_that_is_gone_since_is_not_told(company: Database, embedder: LocalEmbedder) -> None:
    choice = await asked_back(company, embedder)
    gone = replace(choice.candidates[0], article_id="00000000-0000-4000-8000-000000000000")
    decided = await ask(company, embedder, "the first", Context(choice=replace(choice, candidates=(gone, gone))))
    assert (decided.answerable, decided.passages) == (False, ())


async def test_the_command_line_says_what_a_caller_would_get(
    company: Database, embedder: LocalEmbedder, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    asked = await ask(company, embedder, QUESTION)
    audiences = ("everyone", "plan:team")
    [found] = await find_answers(company, embedder, QUESTION, audiences=audiences)
    assert (found.question, found.answerable, found.confidence) == (QUESTION, False, pytest.approx(asked.confidence))
    assert {article.article_id for article in found.asked_back} == {SMALLER, LARGER}
    options = [f"--audience={audience}" for audience in audiences]
    process = await start_kb(on_database(postgres.url, "demo_company"), tmp_path, "search", QUESTION, *options)
    out, _ = await process.communicate()
    titles = "” or “".join(article.title for article in found.asked_back)
    assert out.decode().startswith(f"This would be asked back, “{titles}” (confidence {found.confidence:.2f}).\n")
