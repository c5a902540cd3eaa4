"""A real pgbouncer in transaction mode before the test server: what Supabase's pooler does to a connection."""

import asyncio
import os
import pwd
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.support.poll import eventually_async
from tests.support.postgres import free_port


@asynccontextmanager
async def pooled(database_url: str, directory: Path) -> AsyncIterator[str]:
    """The address of `database_url`'s database through a pooler with two server connections for everybody."""
    binary = shutil.which("pgbouncer")
    if binary is None:
        missing = "pgbouncer is not installed: apt-get install pgbouncer"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    server = urlsplit(database_url)
    database = server.path.lstrip("/")
    port = free_port()
    # It refuses to run as root, and its account has to be able to read two files and nothing else.
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    users = directory / "users.txt"
    users.write_text(f'"{server.username}" "{server.password}"\n')
    config = directory / "pgbouncer.ini"
    config.write_text(
        f"""[databases]
{database} = host=127.0.0.1 port={server.port} dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = users.txt
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
"""
    )
    drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    for path in (directory, users, config):
        if drop:
            os.chown(path, account.pw_uid, account.pw_gid)
    # Started in its directory, so that no parent has to be open to its account.
    process = await asyncio.create_subprocess_exec(
        binary, "pgbouncer.ini", cwd=directory, stderr=asyncio.subprocess.DEVNULL, **drop
    )
    url = f"postgresql://{server.username}:{server.password}@127.0.0.1:{port}/{database}"

    async def answers() -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(url):
                return True
        except psycopg.OperationalError:
            return False

    try:
        await eventually_async(answers, within_s=10, what="pgbouncer answers")
        yield url
    finally:
        process.terminate()
        await process.wait()
