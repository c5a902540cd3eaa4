"""What turns used and cost, in a real database: summed once in their call, known or not, out of the caller's reach."""

import asyncio
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from tests.support.command import insta_voice
from tests.support.records import make_call, turn

from insta_voice.calls import close_call, get_any_call, get_call, record_turn
from insta_voice.costs import Spending, Usage
from insta_voice.db import Database
from insta_voice.errors import DataRefusedError, DBDriverError

SPOKEN = Usage("api.openai.com", "gpt-4o-mini-tts", text_input_tokens=9, audio_output_tokens=50, audio_ms=2500)
GREETING = Spending((SPOKEN,), Decimal("0.0006054"))
HEARD = Spending((Usage("api.openai.com", "gpt-4o-mini-transcribe", audio_ms=60_000),), Decimal("0.003"))
UNPRICED = Spending((Usage("models.example", "llama", text_input_tokens=10),), Decimal(0), known=False)


async def test_a_call_costs_what_its_turns_did_and_what_was_used_after_them(db: Database) -> None:
    call_id = await make_call(db)
    assert (await get_call(db, "maya", call_id)).spending == Spending()
    for number, spending in enumerate((GREETING, HEARD, GREETING), start=1):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(number, spending=spending))
    await close_call(db, call_id=call_id, reason="goodbye", spending=HEARD)
    call = await get_call(db, "maya", call_id)
    assert [one.spending for one in call.turns] == [GREETING, HEARD, GREETING]
    assert (call.spending.usd, call.spending.known) == (2 * GREETING.usd + 2 * HEARD.usd, True)
    by_model = {usage.model: usage.audio_ms for usage in call.spending.usages}
    assert by_model == {"gpt-4o-mini-tts": 5_000, "gpt-4o-mini-transcribe": 120_000}


async def test_a_turn_written_again_costs_once(db: Database) -> None:
    call_id = await make_call(db)
    greeting = turn(1, spending=GREETING)
    again = [record_turn(db, call_id=call_id, user_id="maya", turn=greeting) for _ in range(5)]
    assert await asyncio.gather(*again) == [1] * 5
    await close_call(db, call_id=call_id, reason="goodbye")
    assert not await close_call(db, call_id=call_id, reason="goodbye", spending=HEARD)
    assert (await get_any_call(db, call_id)).spending.usd == GREETING.usd


async def test_one_unknown_cost_makes_the_calls_unknown(db: Database) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, spending=UNPRICED))
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(2, spending=HEARD))
    await close_call(db, call_id=call_id, reason="goodbye", spending=HEARD)
    spending = (await get_any_call(db, call_id)).spending
    assert (spending.usd, spending.known) == (2 * HEARD.usd, False)


async def test_what_no_turn_has_may_be_unknown_too(db: Database) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, spending=HEARD))
    await close_call(db, call_id=call_id, reason="goodbye", spending=UNPRICED)
    spending = (await get_any_call(db, call_id)).spending
    assert (spending.usd, spending.known) == (HEARD.usd, False)


@pytest.mark.parametrize(
    "statement",
    [
        "update calls set cost_usd = 0, cost_known = true",
        "update calls set usage = '[]'",
        "update call_turns set cost_usd = 0",
    ],
)
async def test_nobody_lowers_the_cost_of_their_own_call(db: Database, statement: str) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, spending=HEARD))
    with pytest.raises(DBDriverError) as refused:
        async with db.as_user("maya") as connection:
            await connection.execute(statement)  # type: ignore[call-overload]
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert (await get_any_call(db, call_id)).spending.usd == HEARD.usd


@pytest.mark.parametrize("usd", ["-0.003", "Infinity", "NaN"])
async def test_a_turn_costs_an_amount(db: Database, usd: str) -> None:
    """One that gave money back, or from which no sum comes, would undo the budgets."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, spending=HEARD))
    with pytest.raises(DataRefusedError):
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(2, spending=Spending((), Decimal(usd))))
    assert (await get_any_call(db, call_id)).spending.usd == HEARD.usd


async def test_turns_from_before_costs_were_counted_are_unknown(db: Database) -> None:
    """What an agent of the version before writes while the worker is being replaced."""
    call_id = await make_call(db)
    async with db.as_user("maya") as connection:
        await connection.execute(
            "insert into call_turns (call_id, user_id, number, speaker, text, heard, started_at, ended_at)"
            " values (%s, 'maya', 1, 'caller', 'How?', 'How?', now(), now())",
            [call_id],
        )
    assert not (await get_any_call(db, call_id)).spending.known


async def test_the_command_shows_what_a_call_cost(db: Database, database_url: str, tmp_path: Path) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, spending=GREETING))
    _, shown, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(call_id))
    used = "9 text_input_tokens, 50 audio_output_tokens, 2500 audio_ms"
    assert f"Cost: 0.000605 USD\n      gpt-4o-mini-tts (api.openai.com): {used}\n" in shown
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(2, spending=UNPRICED))
    _, shown, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(call_id))
    assert "Cost: at least 0.000605 USD; not everything used has a price\n" in shown
