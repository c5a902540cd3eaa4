"""`insta-voice kb …` as an operator types it, on a test's database."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.support.forked_cli import Ran, run_cli

Kb = Callable[..., Awaitable[Ran]]


async def start_kb(database_url: str, folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """A process that has begun, and may be killed; no speech server and no settings but these."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from insta_voice.cli import main; main()",
        "kb",
        *arguments,
        env=_environment(database_url, folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url, "INSTA_DATA_DIR": str(folder / "data")}


@pytest.fixture
def kb(database_url: str, tmp_path: Path) -> Kb:
    """Runs `insta-voice kb …` on the test's database."""

    async def run(*arguments: str) -> Ran:
        return await run_cli("kb", *arguments, env=_environment(database_url, tmp_path), cwd=Path.cwd())

    return run
