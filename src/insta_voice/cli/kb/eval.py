"""`kb eval`: questions whose answers are known are asked, and what comes back is measured."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from insta_voice.cli.kb.common import AsJson, open_knowledge
from insta_voice.cli.kb.measured_json import as_dict
from insta_voice.cli.kb.measured_tables import print_measured
from insta_voice.cli.kb.progress import progress_bar
from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.measuring import (
    Measured,
    Question,
    Run,
    Setting,
    changed_setting,
    checked_audiences,
    measure,
    read_questions,
)
from insta_voice.settings import get_settings


def eval_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help='JSONL of {"text","relevant":["id", …]}')],
    audience: Annotated[
        list[str] | None, typer.Option("--audience", help='"everyone", "plan:<name>", "staff"; may be repeated')
    ] = None,
    index: Annotated[
        str | None, typer.Option("--index", help='a model that `kb status` names, or "words" for no vectors')
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="SETTING=VALUE[,…]",
            help="a second run beside it: KNOWLEDGE_ANSWER_CONFIDENCE=0.7, audience=staff or index=words",
        ),
    ] = None,
    thresholds: Annotated[
        bool, typer.Option("--thresholds", help="what answering only when at least 30 … 90 % sure costs and brings")
    ] = False,
    count: Annotated[
        int, typer.Option("--worst", metavar="N", min=0, help="so many questions that went wrong, and what was found")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure how well your articles answer your questions. Without --audience: those that everyone may hear.

    Exits with 1 when a line could not be asked; the others are.

    Example: insta-voice kb eval questions.jsonl --thresholds --worst 10
    """
    setting = Setting(get_settings().knowledge.answer_confidence, checked_audiences(audience or ["everyone"]), index)
    beside = changed_setting(setting, compare) if compare else None
    questions, unreadable = read_questions(file)
    if not questions and not unreadable:
        raise InvalidInputError(f"{file} has no questions.")
    measured = asyncio.run(_measure(questions, setting, beside))
    left_out = sorted([*unreadable, *measured.left_out], key=lambda one: one.line)
    measured = replace(measured, left_out=tuple(left_out))
    for one in left_out:
        print(f"Line {one.line} is left out. {on_one_line(one.reason)}", file=sys.stderr)
    if not measured.runs:
        raise InvalidInputError(f"{file} has no question that can be asked.")
    _point_out_hidden(measured.runs)
    if as_json:
        print(to_json(as_dict(measured, count)))
    else:
        print_measured(Console(), measured, thresholds=thresholds, count=count)
    if left_out:
        raise typer.Exit(1)


async def _measure(questions: Sequence[Question], setting: Setting, beside: Setting | None) -> Measured:
    async with open_knowledge() as (db, embedder):
        with progress_bar("Asking") as show:
            return await measure(
                db, embedder, questions, setting, beside, progress=lambda done: show(done, len(questions), "")
            )


def _point_out_hidden(runs: Sequence[Run]) -> None:
    """Else another's articles would look like a bad search."""
    for run in runs:
        if run.hidden:
            options = " ".join(f"--audience {name}" for name in run.hidden.audiences)
            print(
                f"For {', '.join(run.setting.audiences)}: {run.hidden.questions} of the questions can only be answered"
                f" from articles for others ({options}).",
                file=sys.stderr,
            )
