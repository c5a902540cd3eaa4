"""What a run prints: a line for each conversation, and what is missing in those that fail."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from insta_voice.calls import Turn
from insta_voice.db.text import without_control_characters
from insta_voice.evals.grade import shortcomings
from insta_voice.evals.held import Held


def print_held(console: Console, held: Held, *, transcript: bool) -> None:
    """One conversation, as it ends."""
    missing = shortcomings(held)
    verdict = "[bold red]failed[/]" if missing else "[green]passed[/]"
    lines = sum(len(call.exchanges) for call in held.calls)
    name = escape(held.scenario.name)
    console.print(f"{verdict}  {name:<28} {lines:>2} lines  {held.took_s:>5.1f} s", highlight=False)
    for sentence in missing:
        console.print(f"        [red]{_as_text(sentence)}[/]", highlight=False)
    if transcript:
        _print_transcript(console, held)


def _print_transcript(console: Console, held: Held) -> None:
    for call in held.calls:
        for turn in call.record.turns:
            console.print(f"        [dim]{turn.speaker:<9}[/] {_as_text(turn.heard)}", highlight=False)
            for title in _titles(turn):
                console.print(f"        [dim]source    {_as_text(title)}[/]", highlight=False)


def _titles(turn: Turn) -> list[str]:
    """Of its sources, each once: an answer cites several sentences of an article."""
    return list(dict.fromkeys(source.title for source in turn.sources))


def _as_text(said: str) -> str:
    """What model and articles say commands neither the terminal nor the console."""
    return escape(without_control_characters(said))


def print_total(console: Console, mode: str, runs: Sequence[Held]) -> None:
    """How many passed, in which mode, for how long and what it cost."""
    passed = sum(not shortcomings(held) for held in runs)
    usd = sum(held.usd for held in runs)
    cost = f", ${usd:.2f}" if usd else ""
    console.print(
        f"\n{passed} of {len(runs)} passed in mode {mode}, {sum(held.took_s for held in runs):.0f} s{cost}",
        highlight=False,
    )


def as_json(mode: str, runs: Sequence[Held]) -> dict[str, Any]:
    """The same for machines, with everything that was said."""
    return {
        "mode": mode,
        "passed": not any(shortcomings(held) for held in runs),
        "usd": float(sum(held.usd for held in runs)),
        "conversations": [_one(held) for held in runs],
    }


def _one(held: Held) -> dict[str, Any]:
    missing = shortcomings(held)
    return {
        "name": held.scenario.name,
        "about": held.scenario.about,
        "passed": not missing,
        "missing": missing,
        "took_s": round(held.took_s, 1),
        "calls": [
            {
                "ended": call.record.end_reason,
                "summary": call.record.summary,
                "turns": [
                    {
                        "speaker": turn.speaker,
                        "said": turn.heard,
                        "kind": turn.kind,
                        "mind": turn.mind,
                        "sources": _titles(turn),
                    }
                    for turn in call.record.turns
                ],
            }
            for call in held.calls
        ],
    }
