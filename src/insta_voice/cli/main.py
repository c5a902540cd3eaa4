"""`insta-voice`: finds the command asked for, runs it, and turns our errors into one sentence."""

import importlib
import sys

import click
import typer
from typer.main import get_command

from insta_voice.errors import InstaVoiceError

# command → (module under insta_voice.cli, one line of help). Each module has a `typer.Typer` called `app`.
COMMANDS = {
    "up": ("up", "Start everything on this machine and watch it."),
    "kb": ("kb", "Load, search and list help articles."),
    "calls": ("calls", "List and read calls."),
    "tickets": ("tickets", "List what callers left for a person."),
    "db": ("db", "Prepare the database."),
    "api": ("api", "Run the API and the web page."),
    "worker": ("worker", "Run the agent worker: it answers calls."),
    "jobs": ("jobs", "Run the job worker: summaries, tickets, watching calls."),
    "speech": ("speech", "Run the local speech server."),
    "demo": ("demo", "Call the assistant with a scripted voice."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module_name, _ = COMMANDS[cmd_name]
        app: typer.Typer = importlib.import_module(f"insta_voice.cli.{module_name}").app
        command = get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def main() -> None:
    """Exit codes: 0 done, 1 failed with a sentence on standard error, 2 wrong usage."""
    group = _LazyGroup(
        name="insta-voice",
        help="A voice for your support, grounded in your help articles.\n\n"
        "Example: insta-voice kb search 'How do I reset my password?'",
    )
    try:
        group(prog_name="insta-voice")
    except InstaVoiceError as error:
        print(f"insta-voice: {error.message}", file=sys.stderr)
        sys.exit(1)
