"""What a run prints: a line for each conversation, and what is missing in those that fail."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.markup import escape

from insta_voice.db.text import without_control_characters
from insta_voice.evals.grade import shortcomings
from insta_voice.evals.held import Held, NoOpinion, Opinion, titles_of

_POINTS = ("helpful", "kind", "spoken")


def print_held(console: Console, held: Held, *, transcript: bool) -> None:
    """One conversation, as it ends."""
    missing = shortcomings(held)
    verdict = "[bold red]failed[/]" if missing else "[green]passed[/]"
    lines = sum(len(call.exchanges) for call in held.calls)
    name = escape(held.scenario.name)
    console.print(f"{verdict}  {name:<28} {lines:>2} lines  {held.took_s:>5.1f} s", highlight=False)
    for sentence in missing:
        console.print(f"        [red]{_as_text(sentence)}[/]", highlight=False)
    if held.opinion is not None:
        console.print(f"        [dim]judge     {_as_text(_thought(held.opinion))}[/]", highlight=False)
    if transcript:
        _print_transcript(console, held)


def _thought(opinion: Opinion | NoOpinion) -> str:
    if isinstance(opinion, NoOpinion):
        return opinion.why
    return f"helpful {opinion.helpful}, kind {opinion.kind}, spoken {opinion.spoken} of 5: {opinion.why}"


def _print_transcript(console: Console, held: Held) -> None:
    for call in held.calls:
        for turn in call.record.turns:
            console.print(f"        [dim]{turn.speaker:<9}[/] {_as_text(turn.heard)}", highlight=False)
            for title in titles_of(turn):
                console.print(f"        [dim]source    {_as_text(title)}[/]", highlight=False)


def _as_text(said: str) -> str:
    """What model and articles say commands neither the terminal nor the console."""
    return escape(without_control_characters(said))


def print_total(console: Console, mode: str, runs: Sequence[Held]) -> None:
    """How many passed, in which mode, for how long and what it cost."""
    passed = sum(not shortcomings(held) for held in runs)
    usd = sum(held.usd for held in runs)
    cost = f", ${usd:.2f}" if usd else ""
    thought = [held.opinion for held in runs if isinstance(held.opinion, Opinion)]
    if thought:
        means = (f"{name} {fmean(getattr(one, name) for one in thought):.1f}" for name in _POINTS)
        console.print(f"\nthe judge of {len(thought)}: {', '.join(means)} of 5; nothing passes by it", highlight=False)
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
        "judge": _opinion(held.opinion),
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
                        "sources": titles_of(turn),
                    }
                    for turn in call.record.turns
                ],
            }
            for call in held.calls
        ],
    }


def _opinion(opinion: Opinion | NoOpinion | None) -> dict[str, Any] | None:
    match opinion:
        case Opinion():
            return opinion.model_dump()
        case NoOpinion(why):
            return {"why": why}
        case None:
            return None
