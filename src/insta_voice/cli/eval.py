"""`insta-voice eval`: scripted callers talk with the assistant in writing, and are graded by what came of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from insta_voice.cli.embedder import command_embedder
from insta_voice.cli.printing import to_json
from insta_voice.db import Database
from insta_voice.evals.articles import load_articles
from insta_voice.evals.call import Product
from insta_voice.evals.grade import shortcomings
from insta_voice.evals.held import Held
from insta_voice.evals.judge import Judge, build_judge
from insta_voice.evals.reading import read_scenarios
from insta_voice.evals.report import as_json, print_held, print_total
from insta_voice.evals.run import hold
from insta_voice.evals.scenario import Scenario
from insta_voice.evals.scratch import scratch_database
from insta_voice.settings import Settings, get_settings
from insta_voice.stack.demo_content import ARTICLES_FOLDER
from insta_voice.stack.embedded import database_address
from insta_voice.stack.livekit_config import CHECKOUT
from insta_voice.voice.needs import require_model

app = typer.Typer(add_completion=False)

_SCENARIOS = CHECKOUT / "evals"


@app.command("eval")
def eval_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH…]", help="scenarios; the demo company's without one")
    ] = None,
    mode: Annotated[
        Literal["realtime", "pipeline", "local"] | None, typer.Option(help="what thinks; as VOICE_MODE without it")
    ] = None,
    articles: Annotated[
        list[Path] | None, typer.Option(help="help articles; the demo company's without it; may be repeated")
    ] = None,
    judge_model: Annotated[
        str | None,
        typer.Option("--judge", metavar="MODEL", help="a language model that says what it thinks of each"),
    ] = None,
    transcript: Annotated[bool, typer.Option("--transcript", help="print everything that was said")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="print one JSON document instead")] = False,
) -> None:
    """Hold scripted conversations in writing. Exit code 1 when one does not come out as it should.

    On a scratch database beside the installation's own: nobody's calls are touched and no ticket is sent.

    Example: insta-voice eval evals/password-reset.yaml --transcript
    """
    settings = get_settings()
    if mode:
        settings.voice = settings.voice.model_copy(update={"mode": mode})
    require_model(settings, settings.voice_mode)
    judge = build_judge(settings, judge_model) if judge_model else None
    scenarios = read_scenarios(paths or [_SCENARIOS])
    console = Console(stderr=as_json_, soft_wrap=True)
    runs = asyncio.run(_hold(console, settings, scenarios, articles or [ARTICLES_FOLDER], judge, transcript))
    if as_json_:
        print(to_json(as_json(settings.voice_mode, runs)))
    else:
        print_total(console, settings.voice_mode, runs)
    if any(shortcomings(held) for held in runs):
        raise typer.Exit(1)


async def _hold(
    console: Console,
    settings: Settings,
    scenarios: Sequence[Scenario],
    articles: Sequence[Path],
    judge: Judge | None,
    transcript: bool,
) -> list[Held]:
    runs = []
    async with judge or nullcontext(), _product(settings) as product:
        with console.status("Loading articles"):
            await load_articles(product.db, product.embedder, articles, scenarios)
        for scenario in scenarios:
            held = await hold(product, scenario)
            runs.append(replace(held, opinion=await judge.opinion(held)) if judge else held)
            print_held(console, runs[-1], transcript=transcript)
    return runs


@asynccontextmanager
async def _product(settings: Settings) -> AsyncIterator[Product]:
    async with (
        database_address(settings, migrated=False) as server,
        scratch_database(server) as address,
        Database(address) as db,
        command_embedder(settings) as embedder,
    ):
        yield Product(settings, db, embedder)
