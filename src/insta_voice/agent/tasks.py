"""What runs beside a call: each task named and owned, none broken in silence."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from insta_voice.agent.defects import whereabouts

log = logging.getLogger(__name__)


class Tasks:
    """The tasks of one call."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start `work`; it ends by itself or with the call."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def aclose(self) -> None:
        """Cancel what still runs and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        """Nobody waits for most of them."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s broke at %s", task.get_name(), whereabouts(error))
