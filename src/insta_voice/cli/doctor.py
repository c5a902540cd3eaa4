"""`insta-voice doctor`: every setting and part, a sentence each with its mend."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from insta_voice.cli.printing import on_one_line, to_json
from insta_voice.doctor.findings import Finding, Level, has_problem

app = typer.Typer(add_completion=False)

_MARKS: Final[dict[Level, str]] = {
    "ok": "[green]✓[/green]",
    "warning": "[yellow]![/yellow]",
    "problem": "[bold red]✗[/bold red]",
}


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document for machines")] = False,
) -> None:
    """Examine every setting and part, and say how to mend what is wrong. Exit code 1 when something is.

    Changes nothing, sends no mail and places no call. Uses what runs in INSTA_DATA_DIR; starts the embedded database
    for a moment when `up` does not run.

    Example: insta-voice doctor --json
    """
    console = Console(highlight=False)
    errors = Console(stderr=True)
    with errors.status("Examining every part …") if errors.is_terminal else errors.capture():
        findings = asyncio.run(_examine())
    if as_json:
        print(to_json({"ok": not has_problem(findings), "findings": [asdict(finding) for finding in findings]}))
    elif console.is_terminal:
        _show(console, findings)
    else:
        for finding in findings:
            print(_line(finding))
        print(_verdict(findings))
    if has_problem(findings):
        raise typer.Exit(1)


async def _examine() -> list[Finding]:
    from insta_voice.doctor.examine import examine
    from insta_voice.doctor.setting_names import check_names
    from insta_voice.doctor.settings import check_env_file
    from insta_voice.doctor.surroundings import look_around
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address

    found, names = check_env_file(Path.cwd()), check_names(Path.cwd(), os.environ)
    if has_problem(found):
        return [*names, *found]  # what they would be used for cannot be said
    return [*names, *found, *await examine(look_around(get_settings()), database_address)]


def _line(finding: Finding) -> str:
    mend = f" {on_one_line(finding.mend)}" if finding.mend else ""
    return f"{finding.level:<8}{finding.part:<15} {on_one_line(finding.sentence)}{mend}"


def _show(console: Console, findings: Sequence[Finding]) -> None:
    part = ""
    for finding in findings:
        if finding.part != part:
            part = finding.part
            console.print(Text(f"\n{part[0].upper()}{part[1:]}", style="bold"))
        lines = Table.grid(padding=(0, 1))
        lines.add_row(_MARKS[finding.level], Text(on_one_line(finding.sentence)))
        if finding.mend:
            lines.add_row("", Text(on_one_line(finding.mend), style="cyan"))
        console.print(lines)
    console.print(f"\n{_verdict(findings)}", style="bold")


def _verdict(findings: Sequence[Finding]) -> str:
    problems = sum(finding.level == "problem" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    if problems:
        return f"{_count(problems, 'problem')} and {_count(warnings, 'warning')}. docs/troubleshooting.md says more."
    if warnings:
        return f"Nothing is broken; {_count(warnings, 'warning')}."
    return "Everything is well."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
