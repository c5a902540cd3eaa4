"""A gap of a question that was asked back ("do you mean this or that?") closes when what was chosen answers it."""

import pytest
from tests.support.gaps import Exchange, gaps, held_call
from tests.support.knowledge import DEMO

from insta_voice.calls import Source, rate_call
from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, get_version, ingest, store_knowledge_base_article
from insta_voice.knowledge.gaps import Checked, check_gap, find_gaps

QUESTION = "I want to pick another plan."
SMALLER, TITLE = "downgrade-plan", "Move to a smaller plan"
ASKED_BACK, DECIDED = Exchange(QUESTION, "clarify"), f"{QUESTION} {TITLE}"


@pytest.fixture
async def company(db: Database, embedder: LocalEmbedder) -> Database:
    """Some of the demo company's articles, to be changed."""
    names = (SMALLER, "upgrade-plan", "cancel-subscription", "reset-password", "change-email", "invoices")
    report = await ingest(db, embedder, [DEMO / "articles" / f"{name}.md" for name in names])
    assert report.added == len(names)
    return db


async def put_in_vain(db: Database, embedder: LocalEmbedder, *exchanges: Exchange) -> int:
    """A call that solved nothing; its gap."""
    call_id = await held_call(db, *exchanges)
    await rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None)
    await find_gaps(db, embedder, call_id, language="en")
    [gap] = await gaps(db)
    return gap.gap_id


async def rewrite(db: Database, embedder: LocalEmbedder, title: str) -> None:
    text = (await get_version(db, SMALLER)).document.content
    await store_knowledge_base_article(
        title, f"{text}\n\nAsk the owner of the account for it.", external_id=SMALLER, db=db, embedder=embedder
    )


async def told_of(db: Database) -> Source:
    version = (await get_version(db, SMALLER)).version
    return Source(version.article_id, TITLE, "/help/1", "Open Settings.", version=version.version)


def outcome(checked: Checked) -> tuple[bool, list[tuple[bool, str]]]:
    return checked.closed, [(one.answered, one.title) for one in checked.asked]


@pytest.mark.parametrize("title", [TITLE, "Move down to a smaller plan"], ids=["its text", "its title too"])
async def test_the_article_that_was_chosen_and_is_written_anew_closes_it(
    company: Database, embedder: LocalEmbedder, title: str
) -> None:
    """The question alone is as much in doubt as before."""
    chosen = Exchange(QUESTION, "answer", answerable=True, query=DECIDED, sources=(await told_of(company),))
    gap_id = await put_in_vain(company, embedder, ASKED_BACK, chosen)
    assert outcome(await check_gap(company, embedder, gap_id)) == (False, [(False, TITLE)]), "as it was told"
    await rewrite(company, embedder, title)
    assert outcome(await check_gap(company, embedder, gap_id)) == (True, [(True, title)])


async def test_what_was_chosen_and_not_sure_enough_is_asked_as_it_was(
    company: Database, embedder: LocalEmbedder
) -> None:
    gap_id = await put_in_vain(company, embedder, ASKED_BACK, Exchange(QUESTION, query=DECIDED))
    assert outcome(await check_gap(company, embedder, gap_id)) == (True, [(True, TITLE)])


@pytest.mark.parametrize(
    "exchanges",
    [[ASKED_BACK], [ASKED_BACK, Exchange(QUESTION)]],
    ids=["who hung up when asked back", "who meant neither"],
)
async def test_who_chose_nothing_wants_an_answer_outright(
    company: Database, embedder: LocalEmbedder, exchanges: list[Exchange]
) -> None:
    """Nothing says which of the two would have helped, and being asked back did not."""
    gap_id = await put_in_vain(company, embedder, *exchanges)
    await rewrite(company, embedder, TITLE)
    assert (await check_gap(company, embedder, gap_id)).closed is False
    await store_knowledge_base_article(
        "Pick another plan", "To pick another plan, open Billing and choose Change plan.", db=company, embedder=embedder
    )
    assert (await check_gap(company, embedder, gap_id)).closed is True
