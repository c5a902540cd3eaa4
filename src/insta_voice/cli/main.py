"""`insta-voice`: finds the command asked for, runs it, and turns our errors into one sentence."""

import importlib
import logging
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from insta_voice.errors import InstaVoiceError

# command → one line of help. Each is a module of this package with a `typer.Typer` called `app`.
COMMANDS = {
    "init": "Ask a few questions and write .env.",
    "doctor": "Examine every setting and part.",
    "up": "Start everything on this machine and watch it.",
    "kb": "Load, search, measure, edit and remove help articles.",
    "gaps": "See what callers asked in vain, and close it.",
    "users": "Say who may call: import, list, give roles, disable, erase.",
    "calls": "List and read calls.",
    "tickets": "List what callers left for a person, and send it.",
    "db": "Prepare the database, save it and bring it back.",
    "api": "Run the API and the web page.",
    "worker": "Run the agent worker: it answers calls.",
    "jobs": "Run the job worker: summaries, tickets, watching calls.",
    "speech": "Run the local speech server.",
    "demo": "Call the assistant with a scripted voice.",
    "eval": "Hold scripted conversations in writing and grade them.",
}


class _LazyGroup(TyperGroup):
    """Loads a command's module only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        app: typer.Typer = importlib.import_module(f"insta_voice.cli.{cmd_name}").app
        command = get_command(app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage("insta-voice", "COMMAND [ARGS]...")
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        formatter.write_paragraph()
        formatter.write_text("Example: insta-voice kb search 'How do I reset my password?'")


app = typer.Typer(cls=_LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """A voice for your support, grounded in your help articles."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Exit codes: 0 done, 1 failed with a sentence on standard error, 2 wrong usage."""
    # A command that keeps no log would print the driver's lines on a database that is away, beside our sentence.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    # It would warn of a line without = once for each group of settings; `up` and `doctor` have a sentence for it.
    logging.getLogger("dotenv").setLevel(logging.ERROR)
    try:
        given = sys.argv[1:] if arguments is None else arguments
        sys.exit(app(args=given or ["--help"], prog_name="insta-voice", standalone_mode=False) or 0)
    except TyperException as error:
        print(f"insta-voice: {_what_was_wrong(error)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except typer.Abort:  # Ctrl-C or the end of the input, at a question
        print("\ninsta-voice: Nothing was done.", file=sys.stderr)
        sys.exit(1)
    except InstaVoiceError as error:
        print(f"insta-voice: {error.message}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:  # a disk that is full or read-only is met wherever something is kept
        from insta_voice.stack.machine import write_error_sentence

        sentence = write_error_sentence(error)
        if sentence is None:
            raise
        print(f"insta-voice: {sentence}", file=sys.stderr)
        sys.exit(1)


def _what_was_wrong(error: TyperException) -> str:
    """The parser's own words as one paragraph, and where it is told what the command takes."""
    words = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{words}. `{context.command_path} --help` shows what can be given." if context else f"{words}."
