"""Rows one after the other: the next call of one row is the call of the row after it."""

from collections.abc import Callable, Iterable

from tests.support.demo_calls import whole
from tests.support.fire.faults import Cell
from tests.support.fire.person import Person, utterances
from tests.support.fire.rows import Row, live_through, shortcomings_of_record
from tests.support.poll import eventually_async
from tests.support.stack import RunningStack

CLOSED_WITHIN_S = 60.0


async def live_through_all(stack: RunningStack, cells: Iterable[Cell], on_row: Callable[[Row], None]) -> list[Row]:
    """Every row, with what is wrong in it; `on_row` is told of each when the call after it is answered."""
    rows: list[Row] = []
    person = Person(stack, await utterances(stack))
    try:
        for cell in cells:
            await _between(stack, person)
            if cell.moment == "between calls":
                row = await live_through(stack, person, cell)
                took_s = row.heard_s
            else:
                took_s = await person.call()
                row = await live_through(stack, person, cell)
            _close(rows, took_s, on_row)
            rows.append(row)
        await _between(stack, person)
        _close(rows, await person.call(), on_row)
    finally:
        await person.close()
    for row in rows:
        for call_id in row.call_ids:
            row.wrong += await _of_record(stack, call_id)
    return rows


async def _between(stack: RunningStack, person: Person) -> None:
    await person.close()
    person.refusals.clear()
    await whole(stack)
    await person.sign_in()


def _close(rows: list[Row], next_call_s: float | None, on_row: Callable[[Row], None]) -> None:
    if rows:
        rows[-1].next_call_s = next_call_s
        on_row(rows[-1])


async def _of_record(stack: RunningStack, call_id: str) -> list[str]:
    wrong: list[str] = []

    async def good() -> bool:
        wrong[:] = shortcomings_of_record(stack, call_id)
        return not wrong

    try:
        await eventually_async(good, within_s=CLOSED_WITHIN_S, what="the record of the call")
    except AssertionError:
        return wrong
    return []
