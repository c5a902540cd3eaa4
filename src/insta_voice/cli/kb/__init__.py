"""`insta-voice kb`: what an operator does with help articles, a file for each kind of command.

Each command is a function of its file and a line here, in the order in which `--help` shows them. What is done with the
articles lives in `knowledge`.
"""

import typer

from insta_voice.cli.kb.drafts import discard_command, draft_command, drafts_command, publish_command
from insta_voice.cli.kb.eval import eval_command
from insta_voice.cli.kb.history import history_command, restore_command, show_command
from insta_voice.cli.kb.ingest import ingest_command
from insta_voice.cli.kb.listing import list_command
from insta_voice.cli.kb.remove import remove_command
from insta_voice.cli.kb.search import search_command
from insta_voice.cli.kb.sources import app as sources_app
from insta_voice.cli.kb.status import status_command

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Load, search, measure, edit and remove help articles."
)
app.command("ingest")(ingest_command)
app.command("remove")(remove_command)
app.command("search")(search_command)
app.command("eval")(eval_command)
app.command("list")(list_command)
app.command("show")(show_command)
app.command("history")(history_command)
app.command("draft")(draft_command)
app.command("drafts")(drafts_command)
app.command("publish")(publish_command)
app.command("discard")(discard_command)
app.command("restore")(restore_command)
app.command("status")(status_command)
app.add_typer(sources_app, name="sources")
