"""The worker: registers with LiveKit under the agent's name, takes calls up to its capacity, gives each its process."""

import asyncio
import contextlib
import logging
import math
import os
import signal
import socket
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from livekit.agents import AgentServer

from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.agent.record.live_record import SETTLED_WITHIN_S
from insta_voice.agent.speech.speak_ahead import keep_spoken
from insta_voice.agent.worker.admission import Admission, CallAdmission
from insta_voice.agent.worker.job import database, end_call, hold_call, prewarm
from insta_voice.agent.worker.places import Places
from insta_voice.auth.livekit import Rooms
from insta_voice.calls import remove_worker, upsert_worker
from insta_voice.company import listed, not_held
from insta_voice.db import Database
from insta_voice.errors import ConfigurationError, InstaVoiceError
from insta_voice.readiness import keep_saying_alive, notify_ready
from insta_voice.settings import Settings
from insta_voice.voice.breaker import shared_store
from insta_voice.voice.needs import require_embedder, require_providers

log = logging.getLogger(__name__)

_SEEN_EVERY_S = 5.0  # "agent ready" means seen within 15 s
_LOOKS_EVERY_S = 1.0  # whether LiveKit is still there
_PROCESS_STARTS_WITHIN_S = 60.0  # LiveKit's 10 s kills processes on a busy two-core machine
_JOB_ENDS_WITHIN_S = 3.0


def build_server(settings: Settings, admission: Admission | None = None, mechanisms: Mechanisms = ALL) -> AgentServer:
    """One process a call: a crash takes one call with it. One idle process waits, so that a call starts at once."""
    livekit = settings.livekit
    if not (livekit.url and livekit.api_key and livekit.api_secret):
        raise ConfigurationError("The worker needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET.")

    places = Places(settings.voice.max_calls, admission=admission)
    server = AgentServer(
        ws_url=livekit.url,
        api_key=livekit.api_key,
        api_secret=livekit.api_secret.get_secret_value(),
        host="127.0.0.1",
        port=0,
        load_threshold=math.inf,  # LiveKit's own estimate refuses a second caller while the first is being set up
        load_fnc=places.load,
        num_idle_processes=1,
        initialize_process_timeout=_PROCESS_STARTS_WITHIN_S,
        shutdown_process_timeout=_JOB_ENDS_WITHIN_S,
        session_end_timeout=SETTLED_WITHIN_S + 10.0,  # beside the record, the caller is told and the room taken down
        drain_timeout=max(1, round(settings.voice.drain_s)),
        max_retry=2**31,  # a LiveKit server that is away for an hour is tried again all the same
        job_memory_warn_mb=600,
        setup_fnc=partial(prewarm, mechanisms=mechanisms),
        preload_modules=["insta_voice.agent.worker.warm"],
        log_level=settings.service.log_level.upper().replace("WARNING", "WARN"),
    )
    server.rtc_session(hold_call, agent_name=livekit.agent_name, on_request=places.accept, on_session_end=end_call)
    places.held = lambda: len(server.active_jobs)
    return server


async def run_worker(
    settings: Settings, examine: Callable[[], Coroutine[Any, Any, None]], mechanisms: Mechanisms = ALL
) -> None:
    """Serve calls until SIGTERM or SIGINT: then no new call, and the running ones get `drain_s` to end. `examine` says
    in the log what is wrong with the providers, beside the start; its calls have what is on of `mechanisms`.

    ConfigurationError when a setting is missing that a call would need.
    """
    require_providers(settings, settings.voice_mode)
    require_embedder(settings)
    log.info("calls are held in mode %s, in %s", settings.voice_mode, listed(settings.languages))
    if missing := not_held(settings):
        log.warning("calls in %s are not taken: local speech is English only", listed(missing))
    shared_store(settings).forget()  # whoever has changed a key has started us again
    # For the heartbeat, and a job that comes meanwhile. One that hangs is asked again while we still count as seen.
    db = database(settings, max_size=2, answer_within_s=_SEEN_EVERY_S)
    rooms = Rooms(settings.livekit)
    admission = CallAdmission(db, rooms)
    server = build_server(settings, admission, mechanisms)
    await db.open()
    name = f"{socket.gethostname()}:{os.getpid()}"
    registered = asyncio.Event()
    server.on("worker_registered", lambda *_: registered.set())
    running = asyncio.create_task(server.run(devmode=False), name="agent-server")
    seen = asyncio.create_task(
        _say_seen(db, server, name, settings.voice.max_calls, registered), name="worker-heartbeat"
    )
    alive = asyncio.create_task(keep_saying_alive(), name="say-alive")
    spare = asyncio.create_task(_keep_spoken(settings, registered), name="keep-spoken")
    examined = asyncio.create_task(examine(), name="examine-providers")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait(), name="wait-for-signal")
    try:
        await asyncio.wait({running, stopping, seen}, return_when=asyncio.FIRST_COMPLETED)
        if seen.done():
            seen.result()  # a worker that nobody sees is better started again
        seen.cancel()
        with contextlib.suppress(InstaVoiceError, TimeoutError):
            async with asyncio.timeout(1):
                await remove_worker(db, name)
        if running.done():
            running.result()  # raises what ended it
            return
        await _drain(server)
        await server.aclose()
        await running
    finally:
        for task in (seen, stopping, alive, spare, examined):
            task.cancel()
        await asyncio.gather(spare, examined, return_exceptions=True)  # the first ends its process
        await admission.aclose()
        await rooms.close()
        await db.close()


async def _keep_spoken(settings: Settings, registered: asyncio.Event) -> None:
    """Sentences for when the voice is away, spoken once, after everything that is waited for."""
    await registered.wait()
    await keep_spoken(settings)


async def _drain(server: AgentServer) -> None:
    log.info("no new calls; waiting for %d to end", len(server.active_jobs))
    try:
        await server.drain()
    except TimeoutError:
        log.warning("%d calls are ended by the shutdown", len(server.active_jobs))


async def _say_seen(db: Database, server: AgentServer, name: str, capacity: int, registered: asyncio.Event) -> None:
    """From the registration on, tell the database every 5 s that this worker answers calls; and at once when it does
    not, because LiveKit is away: a call made before it is registered again would wait for nobody."""
    await registered.wait()
    with contextlib.suppress(OSError):  # whoever started us does not listen any more
        notify_ready("registered with LiveKit")
    log.info("registered: up to %d calls", capacity)
    clock = asyncio.get_running_loop().time
    said_at: float | None = None
    while True:
        try:
            if not is_connected(server):
                if said_at is not None:
                    await remove_worker(db, name)
                said_at = None
            elif said_at is None or clock() - said_at >= _SEEN_EVERY_S:
                await upsert_worker(db, name, len(server.active_jobs), capacity)
                said_at = clock()
        except InstaVoiceError as error:
            log.warning("the worker could not be written down: %s", error.code)
        await asyncio.sleep(_LOOKS_EVERY_S)


def is_connected(server: AgentServer) -> bool:
    """Whether LiveKit can give it calls now. The library announces a registration, and no loss of it."""
    return not server._connecting
