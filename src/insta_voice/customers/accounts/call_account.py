"""The account of one call's caller: asked while the room connects, kept for a while, asked once at a time."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from insta_voice.customers.accounts.source import AccountSource
from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

Account = dict[str, Any] | None


class CallAccount:
    """One per call. `aclose` when the call is over."""

    def __init__(
        self, source: AccountSource, user_id: str, *, keep_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`keep_s`: how long an answer is used again. A failure is never kept: the next question asks again."""
        self._source = source
        self._user_id = user_id
        self._keep_s = keep_s
        self._clock = clock
        self._asking: asyncio.Task[Account] | None = None
        self._known: tuple[float, Account] | None = None

    def prefetch(self) -> None:
        """Ask ahead, so that the caller's first question about their account costs nothing."""
        self._ask()

    async def get(self) -> Account:
        """The facts, or None for somebody unknown. InstaVoiceError when they cannot be told now."""
        if self._known is not None and self._clock() - self._known[0] < self._keep_s:
            return self._known[1]
        return await asyncio.shield(self._ask())  # a tool that gives up leaves the answer to the next

    async def aclose(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _ask(self) -> asyncio.Task[Account]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._fetch(), name="account-facts")
            self._asking.add_done_callback(_told)
        return self._asking

    async def _fetch(self) -> Account:
        account = await self._source.account_of(self._user_id)
        self._known = (self._clock(), account)
        return account


def _told(task: asyncio.Task[Account]) -> None:
    """Nobody may be waiting for what was asked ahead: its failure is said here."""
    if not task.cancelled() and (error := task.exception()) is not None:
        detail = f"{error.code}: {error.detail}" if isinstance(error, InstaVoiceError) else type(error).__name__
        log.warning("the caller's account could not be read: %s", detail)
