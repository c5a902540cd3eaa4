"""The outcomes as tables, and one case as a timeline."""

from collections.abc import Iterable, Iterator, Sequence

from bench.turn_taking.case import Case
from bench.turn_taking.drive import Trace
from bench.turn_taking.figures import eva_score, percentile, wilson
from bench.turn_taking.outcome import Outcome
from bench.turn_taking.plan import Must


def share(of: Iterable[bool]) -> str:
    """How many, with the 95 % interval of their share."""
    every = list(of)
    low, high = wilson(sum(every), len(every))
    return f"{sum(every)} ({100 * low:.0f} to {100 * high:.0f} %)"


def milliseconds(values_s: Iterable[float | None]) -> str:
    """Median and 95th percentile of those there are."""
    known = [value for value in values_s if value is not None]
    middle, high = percentile(known, 50), percentile(known, 95)
    return "–" if middle is None or high is None else f"{middle * 1000:,.0f} / {high * 1000:,.0f}"


def tables(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line at a time."""
    yield from _turns([one for one in outcomes if one.must is Must.END_ONCE])
    yield from _interruptions([one for one in outcomes if one.must is Must.INTERRUPT])
    yield from _let_pass([one for one in outcomes if one.must in (Must.LET_BE, Must.BE_NO_TURN)])


def _by_kind(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    kinds: dict[str, list[Outcome]] = {}
    for one in outcomes:
        kinds.setdefault(one.kind, []).append(one)
    return kinds


def _turns(outcomes: Sequence[Outcome]) -> Iterator[str]:
    if not outcomes:
        return
    counted = "one whole turn | ended too soon | talked into | in halves | words lost"
    yield f"\n| turns | n | {counted} | wait p50 / p95 ms | EVA |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for kind, some in {**_by_kind(outcomes), "together": list(outcomes)}.items():
        eva = sum(eva_score(one.answered_s) for one in some) / len(some)
        columns = (
            share(one.good for one in some),
            share(one.false_ends > 0 for one in some),
            share(one.talked_into for one in some),
            share(one.halved for one in some),
            share(not one.whole and not one.halved for one in some),
            milliseconds(one.wait_s for one in some),
            f"{eva:.2f}",
        )
        yield f"| {kind} | {len(some)} | {' | '.join(columns)} |"


def _interruptions(outcomes: Sequence[Outcome]) -> Iterator[str]:
    if not outcomes:
        return
    yield "\n| over the assistant's speech | n | silent within 2 s | after p50 / p95 ms | and one whole turn |"
    yield "|---|---|---|---|---|"
    for kind, some in _by_kind(outcomes).items():
        after = milliseconds(one.barge_in_s for one in some)
        columns = share(one.yielded for one in some), after, share(one.good for one in some)
        yield f"| {kind} | {len(some)} | {' | '.join(columns)} |"


def _let_pass(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Kinds, and below each its sorts in which something went wrong."""
    if not outcomes:
        return
    yield "\n| to be let pass | n | stopped the assistant | taken for a turn |"
    yield "|---|---|---|---|"
    for kind, some in _by_kind(outcomes).items():
        yield _passed_line(kind, some)
        for sort in dict.fromkeys(one.sort for one in some):
            of_sort = [one for one in some if one.sort == sort]
            if not all(one.good for one in of_sort):
                yield _passed_line(f"– {sort}", of_sort)


def _passed_line(name: str, outcomes: Sequence[Outcome]) -> str:
    stopped = share(one.barge_in_s is not None for one in outcomes)
    return f"| {name} | {len(outcomes)} | {stopped} | {share(bool(one.turns) for one in outcomes)} |"


def timeline(case: Case, trace: Trace, result: Outcome) -> Iterator[str]:
    """What happened in one case, in order."""
    plan = case.plan
    yield f"\n{plan.name}: {plan.sort} {plan.text or plan.sound!r}, {'good' if result.good else 'NOT good'}"
    moments = [(at_s, f"engine: {event!r}") for at_s, event in trace.events]
    moments += [(at_s, f"model: {said}") for at_s, said in trace.notes]
    moments += [(answer.from_s, f"answer to {answer.text!r} begins") for answer in trace.answers if answer.heard]
    moments += [(case.sounds_from_s, "first sound"), (case.sounds_until_s, "last sound")]
    moments += [(start_s, f"pause, until {end_s:.2f}") for start_s, end_s in case.gaps_s]
    if plan.assistant_until_s:
        moments.append((0.0, f"the assistant speaks until {plan.assistant_until_s:.2f}: {plan.assistant_says!r}"))
    yield from (f"  {at_s:6.2f}  {what}" for at_s, what in sorted(moments, key=lambda moment: moment[0]))
