"""The figures of a side: medians and 95th percentiles with how sure they are, and how many of how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from bench.latency.outcome import CallOutcome, CaseOutcome

from insta_voice.knowledge.measuring.bootstrap import DRAWS

YIELDED_WITHIN_MS = 2_000.0  # as tau-voice counts a yield


@dataclass(frozen=True, slots=True)
class Figure:
    """A percentile and its 95 % interval, by a bootstrap over what was measured."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `count` measurements."""

    count: int
    p50: Figure
    p95: Figure
    largest: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `among`."""

    count: int
    among: int


@dataclass(frozen=True, slots=True)
class Score:
    """A side's. Milliseconds; None where nothing was measured."""

    voice_to_voice: Spread | None
    unanswered: Share
    silent: Spread | None
    ducked: Spread | None
    yielded: Share
    stopped: Share
    abandoned: Share
    hole: Spread | None
    talked_into: Share
    split: Share
    greeted: Spread | None
    lost: Share
    used_percent: dict[str, float]
    """Of one processor while a call lasts, by part."""

    memory_mb: float | None


def score(calls: Sequence[CallOutcome]) -> Score:
    """Of a side's calls."""
    cases = [case for call in calls for case in call.cases]
    questions = [case for case in cases if case.kind != "pause"]
    taken = [case for case in cases if case.kind == "takes_turn" and case.said_over]
    passed = [case for case in cases if case.kind == "backchannel" and case.said_over]
    paused = [case for case in cases if case.kind == "pause"]
    memory_mb = [call.memory_mb for call in calls if call.memory_mb is not None]
    return Score(
        voice_to_voice=spread([case.voice_to_voice_ms for case in questions]),
        unanswered=_share(questions, lambda case: case.voice_to_voice_ms is None),
        silent=spread([case.silent_after_ms for case in taken]),
        ducked=spread([case.ducked_after_ms for case in taken]),
        yielded=_share(taken, _yielded),
        stopped=_share(passed, lambda case: case.stopped),
        abandoned=_share(passed, lambda case: case.abandoned),
        hole=spread([case.hole_ms for case in passed]),
        talked_into=_share(paused, lambda case: case.talked_into),
        split=_share(paused, lambda case: not case.whole),
        greeted=spread([call.greeted_after_ms for call in calls]),
        lost=Share(sum(call.lost for call in calls), len(calls)),
        used_percent=_used_percent(calls),
        memory_mb=float(np.median(memory_mb)) if memory_mb else None,
    )


def spread(measured: Sequence[float | None], *, draws: int = DRAWS, seed: int = 0) -> Spread | None:
    """Of what was measured; None when nothing was."""
    values = np.array([one for one in measured if one is not None], dtype=np.float64)
    if not values.size:
        return None
    drawn = np.random.default_rng(seed).choice(values, (draws, values.size))

    def figure(percent: float) -> Figure:
        low, high = np.percentile(np.percentile(drawn, percent, axis=1), (2.5, 97.5))
        return Figure(float(np.percentile(values, percent)), float(low), float(high))

    return Spread(values.size, figure(50), figure(95), float(values.max()))


def _share(cases: Sequence[CaseOutcome], is_one: Callable[[CaseOutcome], bool]) -> Share:
    return Share(sum(map(is_one, cases)), len(cases))


def _yielded(case: CaseOutcome) -> bool:
    return case.silent_after_ms is not None and case.silent_after_ms <= YIELDED_WITHIN_MS


def _used_percent(calls: Sequence[CallOutcome]) -> dict[str, float]:
    lasted_s = sum(call.lasted_s for call in calls)
    parts = sorted({part for call in calls for part in call.used_s})
    return {part: 100 * sum(call.used_s.get(part, 0.0) for call in calls) / lasted_s for part in parts}
