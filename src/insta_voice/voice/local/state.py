"""What the speech server's routes share: models that may still be loading, and the threads that run them."""

import asyncio
import os
from dataclasses import dataclass, field

from insta_voice.errors import SpeechServerError
from insta_voice.voice.local.models import Models
from insta_voice.voice.local.work import Workers

# Two at least, so that a caller who stops speaking never waits behind somebody else's answer; more than four
# only heat the caches.
THREADS = min(max(os.cpu_count() or 2, 2), 4)


# The sockets' clients reconnect as soon as a restarted server listens: they wait for its models instead of asking
# again and again. Loading takes 3 s of a core; with ten processes waiting for two cores it took 16 s.
LOADING_S = 25.0


@dataclass(slots=True)
class SpeechState:
    """One a process."""

    workers: Workers = field(default_factory=lambda: Workers(THREADS))
    loaded: Models | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # loaded, or failed to

    @property
    def models(self) -> Models:
        """The models, or SpeechServerError while they are loading."""
        if self.loaded is None:
            raise SpeechServerError("The speech models are still loading. Try again soon.", retry_after_s=2)
        return self.loaded

    async def models_soon(self) -> Models:
        """The models, waiting for them if they are loading. SpeechServerError when they do not come."""
        try:
            async with asyncio.timeout(LOADING_S):
                await self.settled.wait()
        except TimeoutError:
            pass
        return self.models
