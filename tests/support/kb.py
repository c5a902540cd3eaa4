"""`insta-voice kb …` as an operator types it, on a test's database."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str


Kb = Callable[..., Awaitable[Ran]]


async def start_kb(database_url: str, folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """A process that has begun; no speech server and no settings but these."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from insta_voice.cli import main; main()",
        "kb",
        *arguments,
        env={**os.environ, "DATABASE_URL": database_url, "INSTA_DATA_DIR": str(folder / "data")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
def kb(database_url: str, tmp_path: Path) -> Kb:
    """Runs `insta-voice kb …` on the test's database."""

    async def run(*arguments: str) -> Ran:
        process = await start_kb(database_url, tmp_path, *arguments)
        out, err = await process.communicate()
        return Ran(process.returncode or 0, out.decode(), err.decode())

    return run
