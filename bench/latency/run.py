"""One run: call after call, each side in turn, so that whatever else the machine does is beside all of them."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from bench.latency.call import Call, hold
from bench.latency.cases import Case
from bench.latency.outcome import CallOutcome, case_outcome
from bench.latency.processes import Snapshot, private_mb
from bench.latency.side import Side
from bench.latency.voice import Said, Utterances

from insta_voice.demo.caller import Caller

_BETWEEN_CALLS_S = 2.0  # a job that ended, and the one that takes its place, are done with their work by then
Tell = Callable[[str], None]


async def run(
    sides: Sequence[Side], calls: Sequence[Sequence[Case]], speech_url: str, tell: Tell
) -> dict[str, list[CallOutcome]]:
    """Every call with every side, by the side's name."""
    said = await Utterances(speech_url).prepare(case for call in calls for case in call)
    outcomes: dict[str, list[CallOutcome]] = {side.name: [] for side in sides}
    for number, cases in enumerate(calls):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):  # not always after the same one
            outcome = await _hold(side, cases, said)
            outcomes[side.name].append(outcome)
            waited = [one.voice_to_voice_ms for one in outcome.cases if one.voice_to_voice_ms is not None]
            after = ", ".join(f"{ms:.0f}" for ms in waited) or "…"
            lost = ", and was lost" * outcome.lost
            tell(f"call {number + 1} of {len(calls)}, {side.name}: was answered after {after} ms{lost}")
            await asyncio.sleep(_BETWEEN_CALLS_S)
    return outcomes


async def _hold(side: Side, cases: Sequence[Case], said: Mapping[Case, Said]) -> CallOutcome:
    before = Snapshot.take()
    began_s = time.monotonic()
    invitation = await side.invite()
    async with Caller() as caller:
        call = await hold(invitation, cases, said, caller)
        after = Snapshot.take()
        lasted_s = time.monotonic() - began_s
        busiest = after.busiest_of(side.name, before)
        memory_mb = private_mb(busiest) if busiest else None
    return await _with_turns(side, invitation.call_id, call, after.since(before), lasted_s, memory_mb)


async def _with_turns(
    side: Side, call_id: str, call: Call, used_s: dict[str, float], lasted_s: float, memory_mb: float | None
) -> CallOutcome:
    turns = await side.turns(call_id)
    return CallOutcome(
        greeted_after_ms=call.greeted_after_ms,
        lost=call.lost,
        lasted_s=lasted_s,
        used_s=used_s,
        memory_mb=memory_mb,
        cases=[case_outcome(heard, turns) for heard in call.heard],
    )
