"""Rounds as a table of Markdown, a row each."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence

from bench.density.cost import CALLERS, IDLE, JOB
from bench.density.run import Round
from bench.latency.score import spread

_PER_CALL = (JOB, "speech server", "media server", "database", "api and jobs", "providers", CALLERS)
_HEADS = (
    "calls at once",
    "held / refused / lost",
    "questions",
    "voice to voice p50 / p95 ms",
    "not answered / talked into",
    "join to greeting p50 / max ms",
    *(f"{part}, % of a core per call" for part in _PER_CALL),
    f"{IDLE}, %",
    "all of it / everything else, cores",
    "USS of a job / of the speech server, MB",
)


def table(rounds: Iterable[Round]) -> str:
    """With why callers were refused below it."""
    rounds = list(rounds)
    lines = [_line(_HEADS), "|---" * len(_HEADS) + "|", *(_line(_cells(one)) for one in rounds)]
    reasons = Counter(call.refused for one in rounds for call in one.held if call.refused)
    refused = [f"{count} refused: {reason}" for reason, count in reasons.items()]
    return "\n".join([*lines, "", f"{os.cpu_count()} cores.", *refused])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(one: Round) -> list[str]:
    lost = sum(call.lost for call in one.held)
    waited = spread([asked.waited_ms for asked in one.asked])
    greeted = spread([call.greeted_after_ms for call in one.held])
    talked_into = sum(asked.talked_into for asked in one.asked)
    unanswered = sum(asked.waited_ms is None for asked in one.asked) - talked_into
    return [
        str(one.wanted),
        f"{one.calls} / {one.wanted - one.calls} / {lost}",
        str(len(one.asked)),
        f"{waited.p50.value:,.0f} / {waited.p95.value:,.0f}" if waited else "—",
        f"{unanswered} / {talked_into}",
        f"{greeted.p50.value:,.0f} / {greeted.largest:,.0f}" if greeted else "—",
        *_cost(one),
    ]


def _cost(one: Round) -> list[str]:
    cost = one.cost
    if cost is None:
        return ["—"] * (len(_PER_CALL) + 3)
    return [
        *(f"{100 * cost.used.get(part, 0.0) / one.calls:.0f}" for part in _PER_CALL),
        f"{100 * cost.used.get(IDLE, 0.0):.0f}",
        f"{sum(cost.used.values()):.2f} / {cost.others:.2f}",
        f"{_mb(cost.job_mb)} / {_mb(cost.speech_mb)}",
    ]


def _mb(size: float | None) -> str:
    return "—" if size is None else f"{size:,.0f}"
