"""Waiting for answers in words: of one turn, and of many."""

from collections.abc import Iterator, Mapping
from typing import Final

from insta_voice.calls import WaitingTimes

# In the order in which they come, `recognition` inside `endpointing`; the record names them with `_ms` behind.
_PARTS: Final = ("endpointing", "recognition", "retrieval", "mind", "first_audio", "transport")


def waited(timings_ms: Mapping[str, float], *, typed: bool = False) -> str | None:
    """What a turn's timings say, in one line; None where nothing sounded. `typed`: it answers what was asked in
    writing, and nobody waited for it with the ear.
    """
    parts = ", ".join(f"{_words(part)} {timings_ms[f'{part}_ms']:.0f}" for part in _PARTS if f"{part}_ms" in timings_ms)
    if "heard_ms" in timings_ms:
        return f"heard after {timings_ms['heard_ms']:.0f} ms: {parts}"
    if "first_audio_ms" not in timings_ms:
        return None
    return f"asked in writing: {parts}" if typed else f"heard after an unknown time: {parts}"


def told(found: WaitingTimes, days: int) -> Iterator[str]:
    """The lines of `calls latency`."""
    spoken = found.answers - found.typed
    share = found.heard / spoken if spoken else 0.0
    yield f"Of {found.heard} of {spoken} answers ({share:.0%}) in {days} days it is known when they were heard"
    if found.typed:
        yield f"{found.typed} more answered what was asked in writing, which nobody waits for with the ear"
    times = {part.name.removesuffix("_ms"): part for part in found.parts}
    for name in (*_PARTS, "heard"):
        if name in times:
            yield f"{_words(name):<12} p50 {times[name].p50_ms:>6.0f} ms  p95 {times[name].p95_ms:>6.0f} ms"


def _words(part: str) -> str:
    return part.replace("_", " ")
