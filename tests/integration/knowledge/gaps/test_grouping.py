"""What was asked in vain in ended calls, in groups: by meaning, in its language, each question once."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from tests.support.gaps import NOW, Exchange, answered, asked_in_vain, gaps, held_call
from tests.support.indexes import LOCAL, SMALL, Kept, models, states, work
from tests.support.openai import serving_openai
from tests.support.records import make_call, turn

from insta_voice.calls import Search, close_call, rate_call, record_turn
from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.gaps import find_gaps, get_gap
from insta_voice.privacy import erase_call

BITCOIN = ("can I pay with bitcoin", "do you accept cryptocurrency", "is it possible to pay in crypto")
OFFLINE = ("does it work offline", "can I use it without an internet connection")
SHOES = "do you sell shoes"


def by_question(found: Sequence[object]) -> list[tuple[str, int]]:
    return [(gap.question, gap.calls) for gap in found]  # type: ignore[attr-defined]


async def test_paraphrases_are_one_gap_and_other_questions_are_not(db: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(db, embedder, [BITCOIN[0], OFFLINE[0], BITCOIN[1], SHOES, OFFLINE[1], BITCOIN[2]])
    found = {gap.question: gap.calls for gap in await gaps(db)}
    assert sorted(found.values()) == [1, 2, 3]
    assert [found[question] for question in found if question in BITCOIN] == [3]
    assert [found[question] for question in found if question in OFFLINE] == [2]
    assert found[SHOES] == 1


async def test_a_gap_has_its_calls_and_why_each_question_was_in_vain(db: Database, embedder: LocalEmbedder) -> None:
    first, second = await asked_in_vain(db, embedder, BITCOIN[:2])
    await rate_call(db, user_id="maya", call_id=second, solved=False, comment=None)
    await find_gaps(db, embedder, second, language="en")
    [gap] = await gaps(db)
    assert gap.causes == {"no_answer": 2, "not_solved": 1}
    _, asked = await get_gap(db, gap.gap_id, now=NOW)
    assert {(one.call_id, one.question, one.causes) for one in asked} == {
        (first, BITCOIN[0], ("no_answer",)),
        (second, BITCOIN[1], ("no_answer", "not_solved")),
    }
    assert {one.confidence for one in asked} == {0.1}


async def test_the_same_call_again_counts_once(db: Database, embedder: LocalEmbedder) -> None:
    call_id = await held_call(db, BITCOIN[0], "goodbye then")
    assert await find_gaps(db, embedder, call_id, language="en") == 2
    before = await gaps(db)
    await asyncio.gather(*(find_gaps(db, embedder, call_id, language="en") for _ in range(3)))
    assert await gaps(db) == before
    assert [gap.questions for gap in before] == [1, 1]


async def test_two_at_once_make_one_gap_of_a_new_question(db: Database, embedder: LocalEmbedder) -> None:
    calls = [await held_call(db, SHOES) for _ in range(4)]
    await asyncio.gather(*(find_gaps(db, embedder, call_id, language="en") for call_id in calls))
    assert by_question(await gaps(db)) == [(SHOES, 4)]


async def test_a_better_word_on_the_call_takes_out_what_only_the_first_one_blamed(
    db: Database, embedder: LocalEmbedder
) -> None:
    call_id = await held_call(db, answered(SHOES), user_id="maya")
    assert await find_gaps(db, embedder, call_id, language="en") == 0
    await rate_call(db, user_id="maya", call_id=call_id, solved=False, comment=None)
    await find_gaps(db, embedder, call_id, language="en")
    assert [gap.causes for gap in await gaps(db)] == [{"not_solved": 1}]
    await rate_call(db, user_id="maya", call_id=call_id, solved=True, comment=None)
    await find_gaps(db, embedder, call_id, language="en")
    assert await gaps(db) == []


async def test_what_is_asked_again_is_known_by_its_meaning(db: Database, embedder: LocalEmbedder) -> None:
    """By the caller's own words: what a follow-up hangs on would make it look like the question before it."""
    first, follow_up = "how do I export my files", "and what about the pictures"
    hangs = Exchange(follow_up, "answer", answerable=True, query=f"{first} {follow_up}")
    call_id = await held_call(db, answered(first), hangs)
    assert await find_gaps(db, embedder, call_id, language="en") == 0
    again = await held_call(db, answered(first), answered("how can I export my files"))
    assert await find_gaps(db, embedder, again, language="en") == 1
    [gap] = await gaps(db)
    assert (gap.question, gap.causes) == ("how can I export my files", {"repeated": 1})


EXPORT, TEAM, PRICE = "How do I export?", "What about the team plan?", "how much does that cost?"


@pytest.mark.parametrize("first_is_answered", [False, True], ids=["the first in vain", "both answered"])
async def test_the_same_words_after_another_question_are_another_follow_up(
    db: Database, embedder: LocalEmbedder, first_is_answered: bool
) -> None:
    """An answer to the second clears nothing of the first, and the second is not the first again."""
    on_export, on_team = f"{EXPORT} {PRICE}", f"{EXPORT} {TEAM} {PRICE}"
    call_id = await held_call(
        db,
        answered(EXPORT),
        Exchange(PRICE, "answer" if first_is_answered else "unknown", first_is_answered, query=on_export),
        Exchange(TEAM, "answer", True, query=f"{EXPORT} {TEAM}"),
        Exchange(PRICE, "answer", True, query=on_team),
    )
    await find_gaps(db, embedder, call_id, language="en")
    left = [] if first_is_answered else [(on_export, {"no_answer": 1})]
    assert [(gap.question, gap.causes) for gap in await gaps(db)] == left


async def test_a_follow_up_is_grouped_by_what_it_hangs_on(db: Database, embedder: LocalEmbedder) -> None:
    hangs = Exchange("and on the phone?", query="can I use it offline and on the phone?")
    call_id = await held_call(db, hangs)
    await find_gaps(db, embedder, call_id, language="en")
    [gap] = await gaps(db)
    assert gap.question == "can I use it offline and on the phone?"


async def test_languages_are_kept_apart(db: Database, embedder: LocalEmbedder) -> None:
    english, german = await held_call(db, SHOES), await held_call(db, SHOES, language="de")
    for call_id in (english, german):
        await find_gaps(db, embedder, call_id, language="en")
    assert {(gap.language, gap.calls) for gap in await gaps(db)} == {("en", 1), ("de", 1)}


async def test_a_call_that_runs_or_is_gone_has_none(db: Database, embedder: LocalEmbedder) -> None:
    running = await make_call(db)
    search = Search(SHOES, SHOES, 0.1, False)
    said = turn(1, "I do not know.", speaker="assistant", kind="unknown", searches=(search,))
    await record_turn(db, call_id=running, user_id="maya", turn=said)
    assert await find_gaps(db, embedder, running, language="en") == 0
    await close_call(db, call_id=running, reason="hung_up")
    await erase_call(db, user_id="maya", call_id=running)
    assert await find_gaps(db, embedder, running, language="en") == 0
    assert await gaps(db) == []


async def test_an_answer_that_nobody_heard_counts_for_nothing(db: Database, embedder: LocalEmbedder) -> None:
    call_id = await make_call(db)
    search = Search(SHOES, SHOES, 0.1, False)
    cut = turn(1, "I do not", heard="", speaker="assistant", kind="unknown", searches=(search,), interrupted=True)
    await record_turn(db, call_id=call_id, user_id="maya", turn=cut)
    await close_call(db, call_id=call_id, reason="hung_up")
    assert await find_gaps(db, embedder, call_id, language="en") == 0


class Away:
    """The model, not to be reached."""

    def __init__(self, embedder: LocalEmbedder) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise EmbeddingError


async def test_while_the_model_is_away_nothing_is_noted(db: Database, embedder: LocalEmbedder) -> None:
    call_id = await held_call(db, SHOES)
    with pytest.raises(EmbeddingError):
        await find_gaps(db, Away(embedder), call_id, language="en")
    assert (await gaps(db), await looked_at(db, call_id)) == ([], False)
    await find_gaps(db, embedder, call_id, language="en")
    assert (by_question(await gaps(db)), await looked_at(db, call_id)) == ([(SHOES, 1)], True)


class DeletedMeanwhile:
    """The model; the call is deleted while it works."""

    def __init__(self, embedder: LocalEmbedder, db: Database, call_id: UUID) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions
        self._embedder, self._db, self._call_id = embedder, db, call_id

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        await erase_call(self._db, user_id="maya", call_id=self._call_id)
        return await self._embedder.embed(texts)


async def test_a_call_that_is_deleted_meanwhile_leaves_nothing(db: Database, embedder: LocalEmbedder) -> None:
    call_id = await held_call(db, SHOES)
    await find_gaps(db, DeletedMeanwhile(embedder, db, call_id), call_id, language="en")
    assert await gaps(db) == []


async def models_of_gaps(db: Database) -> list[str]:
    async with db.as_service() as connection:
        rows = await (await connection.execute("select model from knowledge_gaps order by gap_id")).fetchall()
    return [row["model"] for row in rows]


async def test_questions_are_compared_by_the_local_model_where_it_is_there(
    db: Database, embedder: LocalEmbedder
) -> None:
    """Whatever the settings' model is, and also when it changes."""
    async with serving_openai() as openai:
        async with models(openai, Kept(embedder)) as both:
            await work(db, both)
            assert (await states(db))[SMALL][0] == "in use"
            await asked_in_vain(db, both, [SHOES])
        assert await models_of_gaps(db) == [LOCAL]
        async with models(openai, None) as alone:
            await asked_in_vain(db, alone, [SHOES])
    assert await models_of_gaps(db) == [LOCAL, SMALL], "vectors of two models are not compared"


async def looked_at(db: Database, call_id: UUID) -> bool:
    async with db.as_service() as connection:
        found = await connection.execute("select gaps_found_at from calls where call_id = %s", [call_id])
        row = await found.fetchone()
    assert row is not None
    return row["gaps_found_at"] is not None
