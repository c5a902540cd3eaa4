"""Clauses that are spoken before it is known whether they will be needed."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable

from insta_voice.errors import InstaVoiceError
from insta_voice.voice.local.client import SpeechClient, SpokenPiece

_KEPT = 4  # the likely answers to one sentence while it grows; what is older was wrong


class PreparedSpeech:
    """One per voice. What is not taken is let go when newer clauses come."""

    def __init__(self, client: SpeechClient) -> None:
        self._client = client
        self._clauses: OrderedDict[tuple[str, float], asyncio.Task[list[SpokenPiece]]] = OrderedDict()
        self.on_taken: Callable[[], None] = lambda: None

    def prepare(self, text: str, speed: float) -> bool:
        """Begin to speak `text` to nobody; false when that was done before."""
        key = (text, speed)
        if key in self._clauses:
            self._clauses.move_to_end(key)
            return False
        self._clauses[key] = asyncio.create_task(self._speak(text, speed), name="speak-ahead-of-the-turn")
        while len(self._clauses) > _KEPT:
            self._clauses.popitem(last=False)[1].cancel()
        return True

    async def take(self, text: str, speed: float) -> list[SpokenPiece]:
        """The speech of `text`, waited for if it is under way; nothing when it was not prepared, or failed."""
        clause = self._clauses.pop((text, speed), None)
        if clause is None:
            return []
        try:
            pieces = await clause
        finally:
            clause.cancel()
        if pieces:
            self.on_taken()
        return pieces

    async def aclose(self) -> None:
        """Let go of all."""
        clauses, self._clauses = list(self._clauses.values()), OrderedDict()
        for clause in clauses:
            clause.cancel()
        await asyncio.gather(*clauses, return_exceptions=True)

    async def _speak(self, text: str, speed: float) -> list[SpokenPiece]:
        try:
            async with contextlib.aclosing(self._client.speak(text, speed=speed, ahead=True)) as pieces:
                return [piece async for piece in pieces]
        except InstaVoiceError:  # nobody may ever ask for it; who does has it spoken then
            return []
