"""What the demo prints: each turn as it ends, then how long the caller waited and where the time went."""

import statistics
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from insta_voice.db.text import without_control_characters
from insta_voice.demo.run import Outcome

SLOW_MS = 2500  # a caller asks again after it; a turn that takes longer is a defect


def print_outcome(console: Console, outcome: Outcome) -> None:
    """One turn: what was said, what came back, its sources, and what is missing."""
    reply = outcome.reply
    if outcome.said:
        console.print(f"\n[bold]caller[/]     {escape(outcome.said)}")
        if reply.understood.strip(".?! ").lower() != outcome.said.strip(".?! ").lower():
            console.print(f"[dim]understood {_as_text(reply.understood)}[/]")
    else:
        console.print(f"\n[bold]call {outcome.call}[/]")
    console.print(f"assistant  {_as_text(reply.text)}", highlight=False)
    for source in reply.sources:
        shown = _as_text(f"{source['title']}: “{source['quote']}”")
        console.print(f"[dim]source     {shown}[/]", highlight=False)
    if outcome.said:
        console.print(f"[dim]           {reply.voice_to_voice_ms:.0f} ms from question to answer[/]")
    for sentence in outcome.missing:
        console.print(f"[bold red]missing    {_as_text(sentence)}[/]", highlight=False)


def _as_text(heard: str) -> str:
    """What model and articles say commands neither the terminal nor the console."""
    return escape(without_control_characters(heard))


def print_timings(console: Console, outcomes: list[Outcome], mode: str) -> None:
    """The table of voice-to-voice times, in milliseconds, with their parts as far as `mode` has them."""
    answered = [outcome for outcome in outcomes if outcome.said]
    # That it was heard stands beside the question already: by the same ear, which told the record.
    parts = sorted({part for outcome in answered for part in outcome.answered.parts_ms} - {"heard_ms"})
    table = Table(title="Voice to voice at the caller's ear, ms", title_justify="left", box=box.SIMPLE)
    table.add_column("question", no_wrap=True, max_width=24)
    if mode != "local":
        table.add_column("answered by", no_wrap=True)
    for column in ("heard after", *(part.removesuffix("_ms").replace("_", " ") for part in parts)):
        table.add_column(column, justify="right")
    for outcome in answered:
        took_ms = outcome.answered.parts_ms
        shares = (f"{took_ms[part]:.0f}" if part in took_ms else "" for part in parts)
        minds = [] if mode == "local" else [_as_text(", ".join(outcome.answered.minds))]
        table.add_row(outcome.said, *minds, f"{outcome.reply.voice_to_voice_ms:.0f}", *shares)
    console.print(table)
    for outcome in answered:
        for sentence in outcome.unfit:
            console.print(f"[bold red]“{escape(outcome.said)}”: {_as_text(sentence)}[/]", highlight=False)
    if mode == "realtime":
        console.print("A realtime model thinks and speaks in one: the record has no time of its mind.")
    p50_ms, p95_ms = percentiles(outcomes)
    slow = sum(outcome.reply.voice_to_voice_ms > SLOW_MS for outcome in answered)
    if slow:
        console.print(
            f"[bold red]{slow} of them took more than {SLOW_MS} ms: is the machine busy with other things?[/]"
        )
    console.print(f"p50 {p50_ms:.0f} ms, p95 {p95_ms:.0f} ms, {len(answered)} questions")


def print_verdict(console: Console, outcomes: list[Outcome]) -> None:
    """Which expectations were not met, in one sentence; nothing when all were."""
    unmet = [f"{_where(outcome)}: {why}" for outcome in outcomes for why in (*outcome.missing, *outcome.unfit)]
    if unmet:
        console.print(f"[bold red]Not as expected: {_as_text('; '.join(unmet))}.[/]", highlight=False)


def _where(outcome: Outcome) -> str:
    return f"“{outcome.said}”" if outcome.said else f"greeting of call {outcome.call}"


def percentiles(outcomes: list[Outcome]) -> tuple[float, float]:
    """p50 and p95 of the voice-to-voice times, in milliseconds."""
    times_ms = [outcome.reply.voice_to_voice_ms for outcome in outcomes if outcome.said]
    return statistics.median(times_ms), statistics.quantiles(times_ms, n=20, method="inclusive")[-1]


def as_json(outcomes: list[Outcome], mode: str) -> dict[str, Any]:
    """The same for machines."""
    p50_ms, p95_ms = percentiles(outcomes)
    return {
        "passed": all(outcome.passed for outcome in outcomes),
        "mode": mode,
        "voice_to_voice_ms": {"p50": round(p50_ms), "p95": round(p95_ms)},
        "turns": [
            {
                "call": outcome.call,
                "said": outcome.said,
                "understood": outcome.reply.understood,
                "answer": outcome.reply.text,
                "sources": outcome.reply.sources,
                "voice_to_voice_ms": round(outcome.reply.voice_to_voice_ms),
                "answered_by": outcome.answered.minds,
                "parts_ms": {part: round(value) for part, value in outcome.answered.parts_ms.items()},
                "missing": (*outcome.missing, *outcome.unfit),
            }
            for outcome in outcomes
        ],
    }
