"""One row of the matrix lived through: the fault, what the caller noticed, and what was lost."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

import httpx
import psycopg
from tests.support.fire.faults import STOPPED_FOR_S, Cell, Victim
from tests.support.fire.person import Person
from tests.support.fire.witness import longest_unexplained_s, seen
from tests.support.processes import at_work
from tests.support.stack import RunningStack

SETTLED_WITHIN_S = 90.0
_INTO_THE_QUESTION_S = 0.4  # of a question of two seconds


@dataclass
class Row:
    """`heard_s` and `seen_s` count from the fault, or from the caller's last word when that came later."""

    cell: Cell
    call_ids: list[str] = field(default_factory=list)
    heard_s: float | None = None
    seen_s: float | None = None
    seen: str = ""
    unexplained_s: float = 0.0
    outcome: str = ""
    answered_s: float | None = None
    recovered_s: float | None = None
    next_call_s: float | None = None
    wrong: list[str] = field(default_factory=list)


async def live_through(stack: RunningStack, person: Person, cell: Cell) -> Row:
    """The person's call has just been greeted, or there is none between calls; they are in one afterwards."""
    row = Row(cell)
    asking: asyncio.Task[float | None] | None = None
    if cell.moment != "between calls":
        row.call_ids.append(person.call_id)
        asking = await _reach(person, cell)
    await asyncio.sleep(cell.delay_s)
    kept = turns(stack, person.call_id) if cell.moment != "between calls" else {}
    victim = Victim(stack, cell.part)
    said_ready = _times_ready(stack, cell)
    fault_s = time.monotonic()
    victim.suffer(cell.fault)
    waking = asyncio.create_task(_wake(victim, cell), name="wake")
    watching = asyncio.create_task(_whole_again(stack, cell, victim, said_ready, fault_s), name="whole again")
    try:
        await _go_on(person, row, fault_s, asking)
        row.recovered_s = await asyncio.wait_for(watching, SETTLED_WITHIN_S)
    except TimeoutError:
        row.wrong.append("the stack did not become whole again")
    finally:
        watching.cancel()
        await waking
    if kept and (lost := {n: text for n, text in kept.items() if turns(stack, row.call_ids[0]).get(n) != text}):
        row.wrong.append(f"turns {sorted(lost)} were lost")
    return row


async def _reach(person: Person, cell: Cell) -> asyncio.Task[float | None] | None:
    """To the moment of the fault; gives the question that is being asked then."""
    if cell.moment == "greeting":
        return None  # the first sound of it has just been heard
    await person.listens()
    if cell.moment == "caller speaks":
        asking = asyncio.create_task(person.asks(), name="ask")
        await asyncio.sleep(_INTO_THE_QUESTION_S)
        return asking
    for _ in range(3):
        if await person.asks() is not None:
            return None
        await person.listens()
    raise AssertionError(f"before {cell}: the assistant did not answer")


async def _go_on(person: Person, row: Row, fault_s: float, asking: asyncio.Task[float | None] | None) -> None:
    if row.cell.moment == "between calls":
        with contextlib.suppress(TimeoutError):
            took_s = await person.call()
            row.call_ids.append(person.call_id)
            row.heard_s = took_s
        _note_refusals(person, row, fault_s)
        if row.heard_s is None:
            row.wrong.append("nobody answered the next call")
            return
        fault_s_of_call = person.caller.microphone.started_at_s
        await person.listens()
    else:
        fault_s_of_call = fault_s
    deadline_s = time.monotonic() + SETTLED_WITHIN_S
    first_asked_s: float | None = None
    while row.answered_s is None and time.monotonic() < deadline_s:
        if not person.caller.connected:
            break
        if asking is not None:
            answered_s, asking = await asking, None
        else:
            await person.listens()
            answered_s = await person.asks()
        first_asked_s = first_asked_s or person.last_word_s
        if answered_s is not None:
            row.answered_s = answered_s - fault_s
    from_s = max(fault_s_of_call, first_asked_s or 0.0)
    to_s = (row.answered_s or 0.0) + fault_s if row.answered_s else time.monotonic()
    row.unexplained_s = longest_unexplained_s(person.caller, from_s, to_s)
    if row.heard_s is None and (sounds := person.caller.ear.sounds_since(from_s)):
        row.heard_s = sounds[0] - from_s
    if row.seen_s is None and (news := [n for n in seen(person.caller, fault_s) if n.what != "sources"]):
        row.seen_s, row.seen = news[0].at_s - fault_s, "; ".join(dict.fromkeys(n.what for n in news))
    if row.answered_s is not None:
        row.outcome = "goes on"
    elif not person.caller.connected:
        row.outcome = f"ended: {row.seen}"
    else:
        row.wrong.append("the call neither went on nor ended")


def _note_refusals(person: Person, row: Row, fault_s: float) -> None:
    if person.refusals:
        row.seen_s = person.refusals[0].at_s - fault_s
        row.seen = "; ".join(dict.fromkeys(refusal.what for refusal in person.refusals))
        person.refusals.clear()


async def _wake(victim: Victim, cell: Cell) -> None:
    if cell.fault == "SIGSTOP":
        await asyncio.sleep(STOPPED_FOR_S)
        victim.wake()


async def _whole_again(stack: RunningStack, cell: Cell, victim: Victim, said_ready: int, fault_s: float) -> float:
    """Seconds until the stack says that it is ready, and the part is another one or itself again."""
    async with httpx.AsyncClient(base_url=stack.up["url"], timeout=4) as client:
        while True:
            await asyncio.sleep(0.1)
            back = cell.part == "agent job" or at_work(victim.main) or _times_ready(stack, cell) > said_ready
            with contextlib.suppress(httpx.HTTPError):
                if back and (await client.get("/readyz")).status_code == 200:
                    return time.monotonic() - fault_s


def _times_ready(stack: RunningStack, cell: Cell) -> int:
    return stack.log.read_text(errors="replace").count(f"{cell.part} is ready again")


def turns(stack: RunningStack, call_id: str) -> dict[int, str]:
    """The turns of a call in the database, by number."""
    with psycopg.connect(stack.up["database_url"]) as connection:
        sql = "select number, text from call_turns where call_id = %s order by number"
        rows = connection.execute(sql, (call_id,)).fetchall()
    return {int(number): str(text) for number, text in rows}


def shortcomings_of_record(stack: RunningStack, call_id: str) -> list[str]:
    """What is wrong with a call that is over: it has one closed row, and its turns are numbered without gaps."""
    with psycopg.connect(stack.up["database_url"]) as connection:
        ended = connection.execute("select ended_at is not null from calls where call_id = %s", (call_id,)).fetchall()
    wrong = (
        [] if ended == [(True,)] else [f"call {call_id} is not closed" if ended else f"call {call_id} has no record"]
    )
    numbers = list(turns(stack, call_id))
    if numbers != list(range(1, len(numbers) + 1)):
        wrong.append(f"the turns of call {call_id} are numbered {numbers}")
    return wrong
