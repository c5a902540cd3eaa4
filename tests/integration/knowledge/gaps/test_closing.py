"""A gap closes when its questions, asked again by those who asked them, are answered; asked in vain again, it opens."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.support.gaps import NOW, Exchange, answered, asked_in_vain, gaps, held_call, until_waiting
from tests.support.postgres import TestDatabase
from tests.support.records import make_user

from insta_voice.calls import Source, rate_call
from insta_voice.db import Database
from insta_voice.errors import EmbeddingError, InvalidInputError, NotFoundError
from insta_voice.knowledge import LocalEmbedder, store_knowledge_base_article
from insta_voice.knowledge.gaps import check_gap, check_open_gaps, close_gap, find_gaps, open_gaps

PAUSES = ("can I pause my subscription", "can I put my subscription on hold")
TITLE = "Pause your subscription"
TEXT = "You can pause your subscription, or put it on hold, for up to three months. Open Billing and choose Pause."
OTHERS = [
    ("Reset your password", "Open the sign-in page and choose Forgot password. A mail with a link comes."),
    ("Download invoices", "Open Billing and choose Invoices. Each invoice is a PDF file."),
]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def company(db: Database, embedder: LocalEmbedder) -> Database:
    """A knowledge base that says nothing of pauses."""
    for title, text in OTHERS:
        await publish(db, embedder, title, text)
    return db


async def publish(db: Database, embedder: LocalEmbedder, title: str, text: str, audience: str = "everyone") -> str:
    return await store_knowledge_base_article(
        title, text, external_id=title, audience=[audience], db=db, embedder=embedder
    )


async def test_an_article_that_answers_them_closes_it(company: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(company, embedder, PAUSES)
    [gap] = await gaps(company)
    before = await check_gap(company, embedder, gap.gap_id)
    assert (before.closed, {one.answered for one in before.asked}) == (False, {False})
    assert {one.title for one in before.asked} <= {title for title, _ in OTHERS}, "what was found instead is said"
    await publish(company, embedder, TITLE, TEXT)
    after = await check_gap(company, embedder, gap.gap_id)
    assert (after.closed, [(one.answered, one.title) for one in after.asked]) == (True, [(True, TITLE)] * 2)
    assert {one.question for one in after.asked} == set(PAUSES)
    [closed] = await gaps(company)
    assert (closed.state, closed.closed_because) == ("closed", f"answered from “{TITLE}”")
    assert await open_gaps(company) == []
    assert await gaps(company, closed=False) == []


async def test_one_that_is_not_answered_keeps_it_open(company: Database, embedder: LocalEmbedder) -> None:
    await publish(company, embedder, TITLE, TEXT, audience="plan:business")
    async with company.as_service() as connection:
        await connection.execute(
            "update user_profiles set plan = 'business' where user_id = %s", [await make_user(company, "leo")]
        )
    await asked_in_vain(company, embedder, PAUSES[:1], user_id="leo")
    await asked_in_vain(company, embedder, PAUSES[:1], user_id="maya")
    [gap] = await gaps(company)
    checked = await check_gap(company, embedder, gap.gap_id)
    assert checked.closed is False
    assert sorted(one.answered for one in checked.asked) == [False, True], "each hears what their plan may hear"


async def test_what_was_answered_and_did_not_help_wants_another_article(
    company: Database, embedder: LocalEmbedder
) -> None:
    article_id = await publish(company, embedder, TITLE, TEXT)
    call_id = await held_call(company, answered(PAUSES[0], Source(article_id, TITLE, "/help/1", "Open Billing.")))
    await rate_call(company, user_id="maya", call_id=call_id, solved=False, comment=None)
    await find_gaps(company, embedder, call_id, language="en")
    [gap] = await gaps(company)
    checked = await check_gap(company, embedder, gap.gap_id)
    assert (checked.closed, checked.asked[0].title) == (False, TITLE), "it is what was told already"
    await publish(company, embedder, TITLE, f"{TEXT} On a phone, open the menu first.")
    assert (await check_gap(company, embedder, gap.gap_id)).closed is True


async def test_what_was_found_and_could_not_be_said_wants_a_text_that_is_newer(
    company: Database, embedder: LocalEmbedder
) -> None:
    """It is sure enough already: asked again of the same articles, it would say nothing again."""
    await publish(company, embedder, TITLE, TEXT)
    unsaid = Exchange(PAUSES[0], "unknown", answerable=True)
    await find_gaps(company, embedder, await held_call(company, unsaid, at=datetime.now(UTC)), language="en")
    [gap] = await gaps(company)
    assert (await check_gap(company, embedder, gap.gap_id)).closed is False
    await publish(company, embedder, TITLE, f"{TEXT} On a phone, open the menu first.")
    assert (await check_gap(company, embedder, gap.gap_id)).closed is True


async def test_a_closed_gap_that_is_asked_in_vain_again_is_open_again(
    company: Database, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(company, embedder, PAUSES[:1])
    [gap] = await gaps(company)
    await close_gap(company, gap.gap_id, "  We do not\n offer that. ")
    await asked_in_vain(company, embedder, PAUSES[1:], at=NOW - timedelta(hours=1))
    [closed] = await gaps(company)
    assert (closed.state, closed.calls) == ("closed", 2), "that call was before it was closed"
    await asked_in_vain(company, embedder, PAUSES[1:], at=LATER)
    [again] = await gaps(company)
    assert (again.gap_id, again.state, again.calls) == (gap.gap_id, "open again", 3)
    assert again.closed_because == "We do not offer that."
    await close_gap(company, gap.gap_id, "Still not.")
    assert [(one.state, one.closed_because) for one in await gaps(company)] == [("closed", "Still not.")]


async def test_a_question_that_comes_while_it_is_checked_keeps_it_open(
    company: Database, embedder: LocalEmbedder
) -> None:
    await publish(company, embedder, TITLE, TEXT)
    await asked_in_vain(company, embedder, PAUSES[:1])
    [gap] = await gaps(company)

    class Meanwhile:
        """The model; another call ends while it works."""

        model, dimensions = embedder.model, embedder.dimensions

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            await asked_in_vain(company, embedder, PAUSES[1:])
            return await embedder.embed(texts)

    checked = await check_gap(company, Meanwhile(), gap.gap_id)
    assert (checked.closed, [one.answered for one in checked.asked]) == (False, [True])
    assert (await check_gap(company, embedder, gap.gap_id)).closed is True


async def test_a_question_that_is_being_put_into_it_keeps_it_open(
    company: Database, database: TestDatabase, embedder: LocalEmbedder
) -> None:
    await publish(company, embedder, TITLE, TEXT)
    await asked_in_vain(company, embedder, PAUSES[:1])
    [gap] = await gaps(company)
    comes = await held_call(company, PAUSES[1])
    async with await psycopg.AsyncConnection.connect(database.admin_url) as blocker:
        # the last that finding does is to note in the call that it is done: the question is in its gap by then
        await blocker.execute("select from calls where call_id = %s for no key update", [comes])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(find_gaps(company, embedder, comes, language="en"), name="finds")
            await until_waiting(blocker, 1)
            checking = tasks.create_task(check_gap(company, embedder, gap.gap_id), name="closes")
            await until_waiting(blocker, 2)
            await blocker.rollback()
    checked = checking.result()
    assert (checked.closed, [one.answered for one in checked.asked]) == (False, [True])
    assert [(one.state, one.questions) for one in await gaps(company)] == [("open", 2)]


async def test_a_gap_that_goes_while_others_are_checked_is_passed_over(
    company: Database, embedder: LocalEmbedder
) -> None:
    await publish(company, embedder, TITLE, TEXT)
    for question in ("do you sell shoes", "who won the world cup", PAUSES[0]):
        await asked_in_vain(company, embedder, [question])
    first, second, third = await open_gaps(company)
    outcomes = []
    async for checked in check_open_gaps(company, embedder):
        if not outcomes:  # each is told of before the next is asked again
            await close_gap(company, second, "We do not know that either.")
        outcomes.append((checked.gap_id, checked.closed))
    assert outcomes == [(first, False), (third, True)]


async def test_while_the_model_is_away_nothing_is_said_of_it(company: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(company, embedder, PAUSES[:1])
    [gap] = await gaps(company)

    class Away:
        model, dimensions = embedder.model, embedder.dimensions

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            raise EmbeddingError

    with pytest.raises(EmbeddingError, match="nothing was asked again"):
        await check_gap(company, Away(), gap.gap_id)
    assert await open_gaps(company) == [gap.gap_id]


async def test_a_model_that_goes_away_while_a_gap_is_checked_closes_nothing(
    company: Database, embedder: LocalEmbedder
) -> None:
    """The search goes on by words alone, as in a call; here that proves nothing."""
    await publish(company, embedder, TITLE, TEXT)
    await asked_in_vain(company, embedder, PAUSES[:1])
    [gap] = await gaps(company)

    class GoesAway:
        model, dimensions = embedder.model, embedder.dimensions
        asked = 0

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            self.asked += 1
            if self.asked > 1:  # it was there when the check began
                raise EmbeddingError
            return await embedder.embed(texts)

    going = GoesAway()
    with pytest.raises(EmbeddingError, match="nothing was asked again"):
        await check_gap(company, going, gap.gap_id)
    assert going.asked > 1
    assert await open_gaps(company) == [gap.gap_id]


async def test_what_is_not_there_is_not_closed(company: Database, embedder: LocalEmbedder) -> None:
    with pytest.raises(NotFoundError):
        await close_gap(company, 12, "It is none.")
    with pytest.raises(NotFoundError):
        await check_gap(company, embedder, 12)
    for reason in (" ", "x" * 501):
        with pytest.raises(InvalidInputError):
            await close_gap(company, 12, reason)
