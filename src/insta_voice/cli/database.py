"""The settings' database, for commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from insta_voice.db import Database
from insta_voice.settings import get_settings
from insta_voice.stack.embedded import database_address


@asynccontextmanager
async def open_database() -> AsyncIterator[Database]:
    """A running `up`'s, or the one of the settings; the embedded one is started where it is not running."""
    async with database_address(get_settings()) as url, Database(url) as db:
        yield db
