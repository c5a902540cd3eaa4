"""The parts a call needs, asked in the order in which they depend on each other; the first that is missing says so."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

import httpx

from insta_voice.api.services import Services
from insta_voice.calls import agent_ready
from insta_voice.db import Queries
from insta_voice.db.migrations import read_migrations
from insta_voice.errors import DBDriverError, MediaServerError

_QUERIES = Queries.load("insta_voice.api", "readiness.sql")
CHECK_TIMEOUT_S: Final = 3.0  # a part that takes longer to say it is there is not
REMEMBER_S: Final = 1.0  # many pages may wait for the same warm-up; the parts are asked once a second at most


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ready`, or what is missing: for a while (`warming_up`) or until someone acts (`unavailable`)."""

    status: Literal["ready", "warming_up", "unavailable"]
    reason: str | None = None


READY: Final = Verdict("ready")


class Readiness:
    """Asks the parts; an answer is good for a second."""

    def __init__(self, services: Services, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._clock = clock
        self._asking = asyncio.Lock()
        self._last: tuple[float, Verdict] | None = None
        self._migrated = False

    async def check(self) -> Verdict:
        """Whether a call made now would be answered."""
        async with self._asking:
            if self._last is None or self._clock() - self._last[0] >= REMEMBER_S:
                verdict = await self._ask()
                self._last = (self._clock(), verdict)
            return self._last[1]

    async def _ask(self) -> Verdict:
        parts: tuple[tuple[Callable[[], Awaitable[bool]], Verdict], ...] = (
            (self._database, Verdict("unavailable", "The database does not answer.")),
            (self._schema, Verdict("warming_up", "The database is being prepared.")),
            (self._media, Verdict("unavailable", "The call server does not answer.")),
            (self._agent, Verdict("warming_up", "The assistant is warming up.")),
            (self._speech, Verdict("warming_up", "The speech models are being loaded.")),
        )
        for is_there, missing in parts:
            try:
                async with asyncio.timeout(CHECK_TIMEOUT_S):
                    if not await is_there():
                        return missing
            except (DBDriverError, MediaServerError, httpx.HTTPError, TimeoutError):
                return missing
        return READY

    async def _database(self) -> bool:
        async with self._services.db.as_service():
            return True

    async def _schema(self) -> bool:
        if not self._migrated:
            async with self._services.db.as_service() as connection:
                rows = await (await connection.execute(_QUERIES["applied_migrations"])).fetchall()
            self._migrated = {migration.version for migration in read_migrations()} <= {row["version"] for row in rows}
        return self._migrated

    async def _media(self) -> bool:
        await self._services.rooms.ping()
        return True

    async def _agent(self) -> bool:
        return await agent_ready(self._services.db)

    async def _speech(self) -> bool:
        settings = self._services.settings
        if settings.voice_mode != "local" or not settings.voice.speech_url:
            return True
        answer = await self._services.http.get(f"{settings.voice.speech_url.rstrip('/')}/readyz")
        return answer.status_code == 200
