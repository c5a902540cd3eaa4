"""Holds a scenario: its caller made known, each call to its end and its summary, and what is in the database then."""

import time
from collections import Counter
from uuid import uuid4

from insta_voice.calls import get_call
from insta_voice.customers import import_profile
from insta_voice.db import Database, Queries
from insta_voice.errors import DBDriverError
from insta_voice.evals.call import NoAnswerError, Product, TextCall, text_call
from insta_voice.evals.caller import SimulatedCaller
from insta_voice.evals.held import Exchange, Held, HeldCall, Rows, Told, said
from insta_voice.evals.scenario import Call, EndState, Line, Scenario
from insta_voice.jobs.tasks import summarize_call

_QUERIES = Queries.load("insta_voice.evals", "evals.sql")


async def hold(product: Product, scenario: Scenario) -> Held:
    """Hold `scenario` with a caller of its own."""
    started = time.monotonic()
    user_id = f"eval-{uuid4().hex}"
    await import_profile(
        product.db,
        user_id=user_id,
        email=f"{user_id}@caller.example",
        name=scenario.caller.name,
        plan=scenario.caller.plan,
        account=scenario.caller.account,
    )
    before = await _rows(product.db)
    calls: list[HeldCall] = []
    for script in scenario.calls:
        calls.append(await _hold_call(product, scenario, script, user_id))
        if calls[-1].broke:
            break
    return Held(
        scenario,
        before=before,
        after=await _rows(product.db),
        calls=tuple(calls),
        told=tuple([await _ask(product.db, question, user_id) for question in scenario.end]),
        took_s=time.monotonic() - started,
    )


async def _hold_call(product: Product, scenario: Scenario, script: Call, user_id: str) -> HeldCall:
    exchanges: list[Exchange] = []
    broke = ""
    async with await text_call(product, user_id, can_leave_tickets=scenario.can_leave_tickets) as call:
        greeting = said(await call.said())
        try:
            await _talk(call, SimulatedCaller(script), exchanges)
        except NoAnswerError as error:
            broke = error.message
    await summarize_call(product.db, call.call_id)  # what the job does
    record = await get_call(product.db, user_id, call.call_id)
    return HeldCall(script, call.mind, greeting, tuple(exchanges), record, broke)


async def _talk(call: TextCall, caller: SimulatedCaller, exchanges: list[Exchange]) -> None:
    """Until one of them hangs up."""
    line: Line | None = caller.opens()
    while line is not None:
        exchanges.append(Exchange(line, await call.say(line.say)))
        line = None if call.over else caller.hears(exchanges[-1].said)


async def _rows(db: Database) -> Rows:
    async with db.as_service() as connection:
        rows = await (await connection.execute(_QUERIES["rows"])).fetchall()
    return Counter((row["place"], row["content"]) for row in rows)


async def _ask(db: Database, question: EndState, user_id: str) -> Told:
    try:
        async with db.as_service() as connection:
            await connection.execute(_QUERIES["only_read"])
            row = await (await connection.execute(question.sql.encode(), {"caller": user_id})).fetchone()
    except DBDriverError as error:
        return Told(question, error=error.detail)
    return Told(question, None if row is None else next(iter(row.values())))
