"""`insta-voice demo`: a scripted caller asks the running assistant, and says what did not come back as expected."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from insta_voice.cli.printing import to_json
from insta_voice.demo.customer import Installation
from insta_voice.demo.report import as_json, print_outcome, print_timings, print_verdict
from insta_voice.demo.run import Outcome, run_demo
from insta_voice.demo.waterfall import print_waterfall
from insta_voice.settings import get_settings
from insta_voice.stack.meanwhile import running_up

app = typer.Typer(add_completion=False)

_LOG_WIDTH = 125  # the timings in whole words where there is no terminal to fit


@app.command()
def demo(
    as_json_: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
    record: Annotated[Path | None, typer.Option(help="Keep each call as a stereo WAV, FILE-1.wav and so on.")] = None,
) -> None:
    """Call the assistant with a scripted voice. Exit code 1 when an answer did not come from the expected article,
    or not from the mind of the mode.

    Uses what runs in INSTA_DATA_DIR, else starts it and stops it again.

    Example: insta-voice demo --record call.wav
    """
    console = Console(stderr=as_json_, soft_wrap=True)
    if not console.is_terminal:
        console.width = _LOG_WIDTH
    mode, outcomes = asyncio.run(_hold(console, record))
    if as_json_:
        print(to_json(as_json(outcomes, mode)))
    else:
        print_waterfall(console, outcomes)
        print_timings(console, outcomes, mode)
    print_verdict(console, outcomes)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


async def _hold(console: Console, record: Path | None) -> tuple[str, list[Outcome]]:
    settings = get_settings()
    async with running_up(settings, console.print):
        installation = Installation.running_in(settings.service.data_dir)
        mode = await installation.mode(settings.voice.mode)
        console.print(f"Calls are held in mode {mode}.")
        outcomes = await run_demo(
            installation, mode=mode, record_to=record, on_outcome=lambda outcome: print_outcome(console, outcome)
        )
        return mode, outcomes
