"""`insta-voice` on the command line, as a process of its own on the test's database."""

import os
from pathlib import Path

from tests.support.forked_cli import run_cli


async def insta_voice(url: str, directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    ran = await run_cli(*arguments, env={**os.environ, "DATABASE_URL": url}, cwd=directory)
    return ran.code, ran.out, ran.err
