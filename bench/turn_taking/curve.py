"""What patience costs and buys: false ends of turn against the wait after complete questions."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from bench.turn_taking.outcome import Outcome
from bench.turn_taking.report import milliseconds, share

from insta_voice.agent.turns.pacing import Pacing

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5)


def scaled(factor: float) -> Pacing:
    """The pacing in use with all its seconds so many times as long."""
    pacing = Pacing()
    seconds = [field.name for field in fields(pacing) if field.name.endswith("_s")]
    return replace(pacing, **{name: getattr(pacing, name) * factor for name in seconds})


def header() -> Iterator[str]:
    yield "\n| pacing × | turns | ended too soon | talked into | in halves | wait after questions p50 / p95 ms |"
    yield "|---|---|---|---|---|---|"


def line(factor: float, outcomes: Sequence[Outcome]) -> str:
    """Of all turns that had to end once."""
    columns = (
        share(one.false_ends > 0 for one in outcomes),
        share(one.talked_into for one in outcomes),
        share(one.halved for one in outcomes),
        milliseconds(one.wait_s for one in outcomes if one.kind == "question"),
    )
    return f"| {factor:g} | {len(outcomes)} | {' | '.join(columns)} |"
