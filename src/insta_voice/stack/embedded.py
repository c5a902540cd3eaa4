"""A database for the commands that need one: as configured, else that of a running `up`, else started for a while."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from insta_voice.db.migrations import migrate
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.ports import Ports
from insta_voice.stack.postgres import running
from insta_voice.stack.up import open_data_dir
from insta_voice.stack.up_file import read_up_file

# A first start loads every article before it says that it is ready.
WAIT_FOR_UP_S = 180.0
_POLL_S = 0.2


@asynccontextmanager
async def database_address(settings: Settings, *, migrated: bool = True) -> AsyncIterator[str]:
    """The address of the database, answering, for as long as the block lasts; an embedded one is migrated first."""
    if settings.database.url:
        yield settings.database.url.get_secret_value()
        return
    data_dir = open_data_dir(settings)
    lock = DataDirLock(data_dir)
    deadline = time.monotonic() + WAIT_FOR_UP_S
    while holder := lock.try_acquire("command"):
        addresses = read_up_file(data_dir) if holder.purpose == "up" and holder.alive else None
        if addresses:
            yield addresses.database_url
            return
        if time.monotonic() > deadline:
            raise ConfigurationError(
                f"{data_dir} is in use by process {holder.pid}, which is not ready. Wait for it, or stop it."
            )
        await asyncio.sleep(_POLL_S)
    try:
        ports = Ports(data_dir / "ports.json")
        async with running(data_dir / "postgres", ports.choose("postgres")) as server:
            if migrated:
                await migrate(server.admin_url)
            yield server.admin_url
    finally:
        lock.release()
