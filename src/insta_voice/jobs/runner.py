"""The process of `insta-voice jobs`: the job worker and the call watch, from start to SIGTERM."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

from procrastinate import App

from insta_voice.auth.livekit import Rooms
from insta_voice.db import Database, use_database
from insta_voice.db.service_pool import ServicePool
from insta_voice.jobs.app import build_app
from insta_voice.jobs.watch import CallWatcher
from insta_voice.knowledge import embedders_of, use_embedder
from insta_voice.readiness import keep_saying_alive, notify_ready
from insta_voice.settings import Settings
from insta_voice.telemetry import describe_exception

log = logging.getLogger(__name__)

_LONGEST_BACKOFF_S = 3.0  # whole again within 5 s of the database's return
_LOOK_ANSWERED_WITHIN_S = 3.0  # milliseconds as a rule; a caller without an agent waits 10 s at most


async def run(settings: Settings, database_url: str) -> None:
    """Run until SIGTERM or SIGINT; running jobs get five seconds to finish, the rest is another worker's."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)

    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(
            Database(database_url, max_size=4, connect_timeout_s=settings.database.connect_timeout_s)
        )
        use_database(db)
        if (embedders := embedders_of(settings, settings.voice.speech_url)) is not None:
            use_embedder(embedders)
            stack.push_async_callback(embedders.aclose)
        pool = await stack.enter_async_context(ServicePool(database_url))
        rooms = await stack.enter_async_context(Rooms(settings.livekit)) if settings.livekit.url else None
        app = build_app(db, settings, rooms, embedders)
        await app.open_async(pool)

        running = [asyncio.create_task(_work(app, lambda: notify_ready("jobs are run")), name="jobs")]
        if rooms is None:
            log.warning("LIVEKIT_URL is not set: calls are not watched")
        else:
            # A connection of its own: a database that hangs must not keep it from looking, and jobs may take longer.
            watched = await stack.enter_async_context(
                Database(database_url, max_size=2, answer_within_s=_LOOK_ANSWERED_WITHIN_S)
            )
            running.append(asyncio.create_task(CallWatcher(watched, rooms).run(), name="watch calls"))
        alive = asyncio.create_task(keep_saying_alive(), name="say alive")
        stopping = asyncio.create_task(stop.wait(), name="wait for stop")
        ended, _ = await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
        for task in [alive, stopping, *running]:
            task.cancel()
        await asyncio.gather(alive, stopping, *running, return_exceptions=True)
        for task in ended - {stopping}:
            task.result()


async def _work(app: App, ready: Callable[[], None]) -> None:
    """Run the worker for as long as this process lives; a database that goes away is waited for."""
    backoff_s = 0.5
    announced = False
    while True:
        try:
            await app.check_connection_async()
            if not announced:
                ready()
                announced = True
            backoff_s = 0.5
            await app.run_worker_async()
            log.warning("the job worker ended; starting it again")
        except Exception as error:
            log.warning("jobs wait for the database: %s", describe_exception(error))
        await asyncio.sleep(backoff_s)
        backoff_s = min(2 * backoff_s, _LONGEST_BACKOFF_S)
