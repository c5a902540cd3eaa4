"""The comparison as a table of Markdown, a column for each side."""

from collections.abc import Callable, Mapping

from bench.latency.minds.mind import TITLES, Mind
from bench.latency.score import Score, Share, Spread

_SHARED_PARTS = ("speech server", "media server", "language model")


def table(scores: Mapping[str, Score], mind: Mind) -> str:
    """Under a line that says which mind, rows of measures; "—" where a side has none. The first side is compared with
    each of the others.
    """
    first = next(iter(scores.values()))
    shared = [part for part in _SHARED_PARTS if any(part in one.used_percent for one in scores.values())]
    rows: list[tuple[str, Callable[[Score], str]]] = [
        ("questions asked in one breath", lambda one: str(one.unanswered.among)),
        ("voice to voice, p50", lambda one: _figure(one.voice_to_voice, 50)),
        ("voice to voice, p95", lambda one: _figure(one.voice_to_voice, 95)),
        ("the first side's / this one's, p50 and p95", lambda one: _ratios(first.voice_to_voice, one.voice_to_voice)),
        ("never answered, or talked into", lambda one: _share(one.unanswered)),
        ("caller takes the turn: silent within 2 s", lambda one: _share(one.yielded)),
        ("silent after, p50", lambda one: _figure(one.silent, 50)),
        ("silent after, p95", lambda one: _figure(one.silent, 95)),
        ("the first side's / this one's, p50 and p95", lambda one: _ratios(first.silent, one.silent)),
        ("12 dB down after, p50", lambda one: _figure(one.ducked, 50)),
        ("backchannels and coughs that stop it", lambda one: _share(one.stopped)),
        ("the answer abandoned", lambda one: _share(one.abandoned)),
        ("hole near them, p50 / max", lambda one: _with_largest(one.hole)),
        ("pause inside a sentence: talked into", lambda one: _share(one.talked_into)),
        ("pause inside a sentence: not taken as one turn", lambda one: _share(one.split)),
        ("join to the greeting's first sound, p50 / max", lambda one: _with_largest(one.greeted)),
        ("calls lost", lambda one: _share(one.lost)),
        *((f"of a processor: {part}", _used(part)) for part in shared),
    ]
    lines = [f"Mind `{mind}`: {TITLES[mind]}.", ""]
    lines += [f"| ms | {' | '.join(scores)} |", "|---" * (len(scores) + 1) + "|"]
    lines += [f"| {what} | {' | '.join(say(one) for one in scores.values())} |" for what, say in rows]
    own = " | ".join(_used(side)(one) for side, one in scores.items())
    memory = " | ".join("—" if one.memory_mb is None else f"{one.memory_mb:.0f} MB" for one in scores.values())
    return "\n".join(
        [*lines, f"| of a processor: its own processes | {own} |", f"| private memory of a call | {memory} |"]
    )


def _figure(spread: Spread | None, percent: int) -> str:
    if spread is None:
        return "—"
    figure = spread.p50 if percent == 50 else spread.p95
    return f"{figure.value:,.0f} ({figure.low:,.0f} to {figure.high:,.0f})"


def _ratios(first: Spread | None, other: Spread | None) -> str:
    if first is None or other is None or first is other or not other.p50.value:
        return "—"
    return f"{first.p50.value / other.p50.value:.2f} and {first.p95.value / other.p95.value:.2f}"


def _with_largest(spread: Spread | None) -> str:
    return "—" if spread is None else f"{spread.p50.value:,.0f} / {spread.largest:,.0f}"


def _share(share: Share) -> str:
    return f"{share.count} of {share.among}" if share.among else "—"


def _used(part: str) -> Callable[[Score], str]:
    return lambda one: f"{one.used_percent[part]:.0f} %" if part in one.used_percent else "—"
