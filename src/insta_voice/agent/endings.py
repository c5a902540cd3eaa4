"""How a call ends: why, what is said before, and what the room is told. One end a call, whoever asks first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from insta_voice.agent.defects import whereabouts
from insta_voice.agent.prompts import sentence
from insta_voice.languages import Language

log = logging.getLogger(__name__)

Reason = Literal[
    "caller_left", "goodbye", "silence", "limit", "budget", "unable", "closed", "shutdown", "refused", "error"
]

# What the app says before it hangs up; the goodbye itself is the mind's, and what is said of a spent budget, or when
# nobody can answer any more, depends on what can be promised (`wrap_up`).
_FAREWELLS = {"silence": "silence_goodbye", "limit": "time_is_up"}


class Ending:
    """`finish` runs once, with the first reason: it says farewell, closes the record and the room."""

    def __init__(self, finish: Callable[[Reason], Awaitable[None]]) -> None:
        self._finish = finish
        self._task: asyncio.Task[None] | None = None
        self.reason: Reason | None = None

    def begin(self, reason: Reason) -> None:
        """End the call. Later reasons change nothing."""
        if self.reason is not None:
            return
        self.reason = reason
        log.info("the call ends: %s", reason)
        self._task = asyncio.create_task(self._run(reason), name="end-call")

    async def wait(self) -> None:
        """Until the end has been carried out."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self, reason: Reason) -> None:
        try:
            await self._finish(reason)
        except Exception as error:  # nobody waits for it: asyncio would log its message
            log.error("the end of the call broke at %s", whereabouts(error))


def farewell(reason: Reason) -> str | None:
    """The name of the sentence said before hanging up for this reason."""
    return _FAREWELLS.get(reason)


def explanation(reason: Reason, language: Language) -> str:
    """What the page shows."""
    return sentence(f"ended_{reason}", language=language)
