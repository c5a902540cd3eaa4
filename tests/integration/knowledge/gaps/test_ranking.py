"""Which gap comes first: by how many calls asked it, and how lately, on a clock that is passed in."""

from datetime import timedelta

import pytest
from tests.support.gaps import NOW, asked_in_vain, gaps, held_call

from insta_voice.db import Database
from insta_voice.errors import NotFoundError
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.gaps import close_gap, find_gaps, get_gap, list_gaps
from insta_voice.knowledge.gaps.listing import HALF_LIFE

SHOES, OFFLINE = "do you sell shoes", "does it work offline"
LATER = NOW + 4 * HALF_LIFE


async def test_what_more_calls_ask_comes_first(db: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(db, embedder, [OFFLINE, SHOES, SHOES])
    first, second = await gaps(db)
    assert [(gap.question, gap.weight) for gap in (first, second)] == [
        (SHOES, pytest.approx(2.0, abs=0.01)),
        (OFFLINE, pytest.approx(1.0, abs=0.01)),
    ]


async def test_a_call_counts_half_after_each_half_life(db: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(db, embedder, [SHOES, SHOES, SHOES])
    await asked_in_vain(db, embedder, [OFFLINE], at=LATER)
    now, later = await gaps(db, now=NOW), await gaps(db, now=LATER)
    assert [gap.question for gap in now] == [SHOES, OFFLINE]
    assert [(gap.question, gap.weight) for gap in later] == [
        (OFFLINE, pytest.approx(1.0, abs=0.01)),
        (SHOES, pytest.approx(3 / 16, abs=0.01)),
    ]


async def test_who_asks_it_often_in_one_call_counts_once(db: Database, embedder: LocalEmbedder) -> None:
    call_id = await held_call(db, SHOES, SHOES, SHOES)
    await find_gaps(db, embedder, call_id, language="en")
    [gap] = await gaps(db)
    assert (gap.calls, gap.questions, gap.weight) == (1, 3, pytest.approx(1.0, abs=0.01))
    assert gap.causes == {"no_answer": 1, "repeated": 1}


async def test_what_was_last_asked_before_a_day_can_be_left_out(db: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(db, embedder, [SHOES])
    await asked_in_vain(db, embedder, [OFFLINE], at=LATER)
    since = await list_gaps(db, now=LATER, since=NOW + timedelta(days=1))
    assert [gap.question for gap in since] == [OFFLINE]
    assert len(await list_gaps(db, now=LATER, since=NOW)) == 2
    assert [gap.question for gap in await list_gaps(db, now=LATER, limit=1)] == [OFFLINE]


async def test_a_gap_says_when_it_was_first_and_last_asked(db: Database, embedder: LocalEmbedder) -> None:
    await asked_in_vain(db, embedder, [SHOES])
    await asked_in_vain(db, embedder, [SHOES], at=LATER)
    [gap] = await gaps(db)
    assert (gap.first_at, gap.last_at) == (NOW, LATER)
    _, asked = await get_gap(db, gap.gap_id, now=LATER)
    assert [one.asked_at for one in asked] == [LATER, NOW]
    with pytest.raises(NotFoundError):
        await get_gap(db, gap.gap_id + 1, now=LATER)


async def test_what_is_listed_is_bounded_and_what_is_named_is_found_also_closed(
    db: Database, embedder: LocalEmbedder
) -> None:
    await asked_in_vain(db, embedder, [SHOES])
    await asked_in_vain(db, embedder, [OFFLINE], at=LATER)
    offline, shoes = await list_gaps(db, now=LATER)
    await close_gap(db, shoes.gap_id, "We do not sell them.")
    assert [gap.question for gap in await list_gaps(db, now=LATER)] == [OFFLINE]
    assert [gap.question for gap in await list_gaps(db, now=LATER, closed=True)] == [OFFLINE, SHOES]
    assert [gap.question for gap in await list_gaps(db, now=LATER, closed=True, limit=1)] == [OFFLINE]
    named, asked = await get_gap(db, shoes.gap_id, now=LATER)
    assert (named.state, [one.question for one in asked]) == ("closed", [SHOES])
    assert len(await list_gaps(db, now=LATER, since=LATER)) == 1, "from that moment on"
    assert offline.weight == pytest.approx(1.0, abs=0.01)
    [early, _] = await list_gaps(db, now=NOW, closed=True)
    assert early.weight == pytest.approx(1.0, abs=0.01), "what is asked later than now counts once"
