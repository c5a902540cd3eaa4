"""A running stack in one more mode: a worker and a page of that mode beside its own, and everything else shared."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
from tests.support.calls import Part
from tests.support.openai import ScriptedOpenAI
from tests.support.speech import free_port
from tests.support.stack import RunningStack

_OF_ITS_SUPERVISOR = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}


@asynccontextmanager
async def page_in_mode(stack: RunningStack, mode: str, openai: ScriptedOpenAI, directory: Path) -> AsyncIterator[str]:
    """Gives the page's address: whoever calls from there is answered in that mode. Logs are in `directory`."""
    port = free_port()
    own = {"VOICE_MODE": mode, "LIVEKIT_AGENT_NAME": f"in-{mode}", "INSTA_PORT": str(port), **openai.settings}
    async with AsyncExitStack() as parts:
        for name in ("api", "worker"):
            part = Part(name, {**_environment(stack, name), **own}, directory)
            await part.start()
            parts.push_async_callback(part.stop)
        yield f"http://127.0.0.1:{port}"


def _environment(stack: RunningStack, part: str) -> dict[str, str]:
    """What the stack's own part of this name runs with."""
    environment: dict[str, str] = psutil.Process(stack.pid_of(part)).environ()
    return {name: value for name, value in environment.items() if name not in _OF_ITS_SUPERVISOR}
