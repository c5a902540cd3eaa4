"""What the commands share: the database, the models, and the option for programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.embedder import command_embedder
from insta_voice.db import Database, use_database
from insta_voice.knowledge import Embedder, use_embedder
from insta_voice.settings import get_settings

AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]
ArticleId = Annotated[str, typer.Argument(metavar="ID", help="as `kb list` shows it, or as a call names its source")]
WRITTEN_BY = "insta-voice kb"  # in the history of what these commands write


@asynccontextmanager
async def open_knowledge() -> AsyncIterator[tuple[Database, Embedder]]:
    """The database and the model, which are also this process's own."""
    async with open_database() as db, command_embedder(get_settings()) as embedder:
        use_database(db)
        use_embedder(embedder)
        yield db, embedder
