"""In the place of the turn engine: the caller's turns, as a test ends them."""

import asyncio
from collections.abc import AsyncIterator, Callable

from insta_voice.agent.turns.ports import Event


class Turns:
    """Gives the listener what is put into `ended`."""

    def __init__(self) -> None:
        self.ended: asyncio.Queue[Event] = asyncio.Queue()
        self.reply_pending: Callable[[], bool] = lambda: False

    async def events(self, _: object, /) -> AsyncIterator[Event]:
        while True:
            yield await self.ended.get()
