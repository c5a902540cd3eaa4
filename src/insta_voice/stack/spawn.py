"""Starting a program in a session of its own, with its output as a stream of ours."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insta_voice.stack.logs import LONGEST_LINE_BYTES


@dataclass(frozen=True, slots=True)
class Spawned:
    """A started program. `output` is both of its streams; close `transport` when done with it."""

    process: asyncio.subprocess.Process
    output: asyncio.StreamReader
    transport: asyncio.ReadTransport


async def spawn(command: Sequence[str], env: Mapping[str, str]) -> Spawned:
    """Start `command` as the leader of its own group: Ctrl-C reaches us alone, and it is ended with its children.

    The pipe is ours, not asyncio's: with asyncio's own, `process.wait()` returns only once every child that
    inherited the pipe has ended too, and a crashed part with a living child would never be noticed.
    """
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    output = asyncio.StreamReader(limit=LONGEST_LINE_BYTES)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb")
    )
    return Spawned(process, output, transport)
