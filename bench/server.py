"""A Postgres of its own in a temporary directory, with our tables, gone afterwards."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from insta_voice.db import migrate
from insta_voice.stack.ports import is_free
from insta_voice.stack.postgres import EmbeddedPostgres, running

_PORTS = range(29_000, 30_000)


@asynccontextmanager
async def temporary_server() -> AsyncIterator[EmbeddedPostgres]:
    """A running server with an empty, migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(Path(folder).chmod, 0o755)  # the server may run as another user
        # not the first free one: another measurement's server may be about to listen there
        port = next(p for p in random.SystemRandom().sample(_PORTS, len(_PORTS)) if is_free(p))
        async with running(Path(folder) / "postgres", port) as server:
            await migrate(server.admin_url)
            yield server
