"""`insta-voice` on the command line, as a process of its own on the test's database."""

import asyncio
import os
import sys
from pathlib import Path


async def insta_voice(url: str, directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from insta_voice.cli import main; main()",
        *arguments,
        cwd=directory,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()
