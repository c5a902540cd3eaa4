"""Whole calls: a real worker process, a real room, a caller on WebRTC, the record in a real database.

`call_center` starts what a call needs once for the run: media server, speech server, a migrated database with a few
articles, and `insta-voice worker`. Tests open calls as people do, with a join token.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest
from livekit import rtc
from livekit.rtc.participant import PublishTrackError
from psycopg import sql
from tests.support.caller import Caller
from tests.support.poll import eventually_async
from tests.support.postgres import on_database, run_as_owner
from tests.support.processes import alive
from tests.support.records import LIMITS, make_user
from tests.support.settings import BRISK_VOICE
from tests.support.speech import SpeechServer, speak

from insta_voice.auth.livekit import mint_join_token
from insta_voice.calls import CallDetail, Reservation, get_call, reserve_call
from insta_voice.db import Database
from insta_voice.errors import AtCapacityError
from insta_voice.knowledge import HttpEmbedder, ingest
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.settings import CostSettings, LiveKitSettings
from insta_voice.stack.postgres import EmbeddedPostgres

ARTICLES = Path(__file__).parents[2] / "knowledge" / "articles"
# Enough to find and to miss; the whole help centre takes half a minute to embed.
TAKEN = ("reset-password", "change-email", "invoices", "two-factor", "storage", "cancel-subscription", "invite")
REGISTERED_WITHIN_S = 110.0  # two cores, shared with everything else a test run starts


class Part:
    """`insta-voice worker`, `jobs` or `api` in a process of its own."""

    def __init__(self, command: str, environment: dict[str, str], directory: Path) -> None:
        self._command = command
        self._environment = environment
        self._directory = directory
        self._process: asyncio.subprocess.Process | None = None
        self.log = directory / f"{command}-{uuid.uuid4().hex[:6]}.log"

    async def start(self) -> None:
        """Until it says that it is ready."""
        notify = self._directory / f"notify-{uuid.uuid4().hex[:6]}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(str(notify))
            ready.setblocking(False)
            with self.log.open("wb") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-c",
                    "from insta_voice.cli import main\nif __name__ == '__main__': main()",
                    self._command,
                    env={**self._environment, "NOTIFY_SOCKET": str(notify)},
                    stdout=log,
                    stderr=log,
                )
            try:
                async with asyncio.timeout(REGISTERED_WITHIN_S):
                    await asyncio.get_running_loop().sock_recv(ready, 1000)
            except TimeoutError:
                await self.stop()
                raise

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def holders_of_calls(self) -> list[psutil.Process]:
        """The job processes that are in a room: those with a WebSocket to LiveKit."""
        return [child for child in self.process.children(recursive=True) if _in_a_room(child, self._environment)]

    async def stop(self, *, within_s: float = 20.0) -> float:
        """SIGTERM; the seconds it took to end. Nothing of it is left afterwards."""
        assert self._process is not None
        started = time.monotonic()
        children: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):  # it ends at this very moment
            if self._process.returncode is None:
                children = self.process.children(recursive=True)
                self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(within_s):
                await self._process.wait()
        finally:
            for process in alive(children):
                process.kill()
        return time.monotonic() - started


def _in_a_room(process: psutil.Process, environment: dict[str, str]) -> bool:
    port = int(environment["LIVEKIT_URL"].rsplit(":", 1)[1])
    try:
        return any(c.raddr and c.raddr.port == port for c in process.net_connections("tcp"))
    except psutil.Error:
        return False


@dataclass
class CallCenter:
    """What answers calls, and the means to make them."""

    db: Database
    livekit: LiveKitSettings
    environment: dict[str, str] = field(repr=False)
    directory: Path
    worker: Part

    async def reserve(self, user_id: str, costs: CostSettings | None = None) -> Reservation:
        """The right to one call, for somebody who has signed in; the calls of the tests before may still be ending."""
        await make_user(self.db, user_id)

        async def reserved() -> Reservation | None:
            try:
                return await reserve_call(
                    self.db, user_id=user_id, limits=LIMITS, ttl=timedelta(minutes=10), costs=costs
                )
            except AtCapacityError:
                return None

        return await eventually_async(reserved, within_s=40, what="a free line")

    async def put_out(self, token: str) -> Caller:
        """Whoever joined with `token`, once they are out of the room again; some are before they are in it."""
        assert self.livekit.url is not None
        async with Caller() as caller:
            try:
                async with asyncio.timeout(15):
                    await caller.join(self.livekit.url, token)
            except (TimeoutError, rtc.ConnectError, PublishTrackError):
                pass  # who was never in it, or not for long enough to open the microphone, is not told that it is over
            else:
                await caller.wait_ended(20)
        return caller

    @asynccontextmanager
    async def call(
        self, user_id: str | None = None, *, agent_name: str | None = None, costs: CostSettings | None = None
    ) -> AsyncIterator["TestCall"]:
        """A caller in a room of their own, with the agent of that name; hangs up at the end."""
        user = user_id or f"user-{uuid.uuid4().hex[:8]}"
        reservation = await self.reserve(user, costs)
        livekit = self.livekit.model_copy(update={"agent_name": agent_name or self.livekit.agent_name})
        token = mint_join_token(livekit, identity=user, room_name=reservation.room_name, call_id=reservation.call_id)
        assert self.livekit.url is not None
        async with Caller() as caller:
            began = time.monotonic()
            await caller.join(self.livekit.url, token)
            yield TestCall(self, caller, user, reservation, began)


@dataclass
class TestCall:
    """A call under way."""

    __test__ = False
    center: CallCenter
    caller: Caller
    user_id: str
    reservation: Reservation
    began_at_s: float

    async def ask(self, text: str, **how: float):  # type: ignore[no-untyped-def]
        """Ask aloud, and wait for the answer."""
        return await self.caller.ask(spoken(text), **how)

    async def record(self) -> CallDetail:
        """What is in the database now."""
        return await get_call(self.center.db, self.user_id, self.reservation.call_id)

    async def recorded(self, turns: int, *, within_s: float = 4.0) -> CallDetail:
        """The record once it has this many turns."""

        async def enough() -> CallDetail | None:
            detail = await self.record()
            return detail if len(detail.turns) >= turns else None

        return await eventually_async(enough, within_s=within_s, what=f"{turns} turns in the record")

    async def closed(self, *, within_s: float = 8.0) -> CallDetail:
        """The record once the call has ended."""

        async def ended() -> CallDetail | None:
            detail = await self.record()
            return detail if detail.ended_at else None

        return await eventually_async(ended, within_s=within_s, what="the call closed in the record")


def spoken(text: str) -> np.ndarray:
    """`text` as the caller says it: 48 kHz mono."""
    return np.frombuffer(speak(text, 48_000), dtype=np.int16)


@pytest.fixture(scope="session")
async def call_center(
    postgres: EmbeddedPostgres,
    template: str,
    speech_server: SpeechServer,
    livekit_server: LiveKitSettings,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[CallCenter]:
    """One for the run."""
    name = f"calls_{uuid.uuid4().hex}"
    clone = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
    await run_as_owner(postgres, clone)
    url = on_database(postgres.url, name)
    directory = tmp_path_factory.mktemp("calls")
    assert livekit_server.url
    assert livekit_server.api_key
    assert livekit_server.api_secret
    data_dir = directory / "data"
    data_dir.mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("VOICE_", "LIVEKIT_", "OPENAI_"))},
        "DATABASE_URL": url,
        "LIVEKIT_URL": livekit_server.url,
        "LIVEKIT_API_KEY": livekit_server.api_key,
        "LIVEKIT_API_SECRET": livekit_server.api_secret.get_secret_value(),
        "VOICE_MODE": "local",
        "VOICE_SPEECH_URL": speech_server.url,
        **BRISK_VOICE,
        "INSTA_ENV": "development",
        "INSTA_DATA_DIR": str(data_dir),
    }
    worker = Part("worker", environment, directory)
    async with Database(url) as db:
        embedder = HttpEmbedder(f"{speech_server.url}/v1", None, LOCAL_MODEL, LOCAL_DIMENSIONS)
        files = [path for path in ARTICLES.glob("*.md") if any(part in path.stem for part in TAKEN)]
        await ingest(db, embedder, files)
        await embedder.aclose()
        await worker.start()
        try:
            yield CallCenter(db, livekit_server, environment, directory, worker)
        finally:
            await worker.stop()
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    await run_as_owner(postgres, drop)
