"""`insta-voice up`: starts everything on this machine, says when it is ready, and stops it all again."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings
from insta_voice.stack.demo_content import ARTICLES, ARTICLES_FOLDER
from insta_voice.stack.disk_watch import watch_disk
from insta_voice.stack.greeting import greet
from insta_voice.stack.guard import Guardian
from insta_voice.stack.installation import (
    Installation,
    own_command,
    plan_installation,
)
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.logs import LogStream
from insta_voice.stack.machine import disk_sentence
from insta_voice.stack.ports import Ports
from insta_voice.stack.supervisor import Supervisor
from insta_voice.stack.up_file import up_file, write_up_file

# What a killed `up` left is ended by its guardian within 3 s, Postgres' recovery included.
WAIT_FOR_LEFTOVERS_S = 15.0


Plan = Callable[[Settings, Path, Ports], Installation]


async def up(settings: Settings, log: LogStream, *, plan: Plan = plan_installation) -> None:
    """Run until SIGINT or SIGTERM. ConfigurationError when it cannot be started at all."""
    began = time.monotonic()
    data_dir = open_data_dir(settings)
    lock = DataDirLock(data_dir)
    await asyncio.to_thread(lock.acquire, "up", wait_s=WAIT_FOR_LEFTOVERS_S)
    guardian: Guardian | None = None
    try:
        up_file(data_dir).unlink(missing_ok=True)
        ports = Ports(data_dir / "ports.json")
        installation = await asyncio.to_thread(plan, settings, data_dir, ports)
        for sentence in ports.displaced:
            log.say("up", sentence)
        guardian = await Guardian.start(lock_fd=lock.fd, forget=up_file(data_dir))
        supervisor = Supervisor(installation.parts, log, guardian, trouble=lambda: disk_sentence(data_dir))
        await _run(settings, installation, supervisor, log, data_dir, began)
    finally:
        if guardian:
            await guardian.stop()
        lock.release()


def open_data_dir(settings: Settings) -> Path:
    """The data directory, made when it is missing."""
    data_dir = settings.service.data_dir.expanduser().absolute()
    try:
        # Root's Postgres runs as another user, who must pass through here, but not look.
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise ConfigurationError(
            f"INSTA_DATA_DIR is {data_dir}, which cannot be made ({error.strerror}). Name another directory."
        ) from error
    return data_dir


async def _run(
    settings: Settings,
    installation: Installation,
    supervisor: Supervisor,
    log: LogStream,
    data_dir: Path,
    began: float,
) -> None:
    told_to_stop = _stop_signals(supervisor, log)
    starting = asyncio.create_task(
        _start(settings, installation, supervisor, log, data_dir, began), name="start everything"
    )
    hopeless = asyncio.create_task(supervisor.failed(), name="a part that cannot start")
    stop = asyncio.create_task(told_to_stop.wait(), name="signal to stop")
    disk = asyncio.create_task(watch_disk(data_dir, lambda sentence: log.say("up", sentence)), name="watch the disk")
    try:
        supervisor.start()
        await asyncio.wait((starting, hopeless, stop), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asyncio.wait((hopeless, stop), return_when=asyncio.FIRST_COMPLETED)
        if hopeless.done():
            hopeless.result()
    finally:
        up_file(data_dir).unlink(missing_ok=True)
        tasks = (starting, hopeless, stop, disk)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        log.say("up", "stopping …")
        stopping = time.monotonic()
        await supervisor.stop()
        log.say("up", f"everything is stopped ({time.monotonic() - stopping:.1f} s).")


async def _start(
    settings: Settings,
    installation: Installation,
    supervisor: Supervisor,
    log: LogStream,
    data_dir: Path,
    began: float,
) -> None:
    await supervisor.ready("api")
    log.say("up", f"the page is at {installation.addresses.url} ({time.monotonic() - began:.1f} s).")
    await supervisor.ready("postgres")
    for removed in installation.demo_removed:  # before the jobs log each person's erasure
        log.say("up", f"the demo company's {removed} are taken out.")
    await supervisor.ready("speech")
    await _load_articles(installation, supervisor, log)
    await supervisor.ready()
    write_up_file(data_dir, installation.addresses)
    greet(log, installation.addresses, settings, ready_after_s=time.monotonic() - began)


async def _load_articles(installation: Installation, supervisor: Supervisor, log: LogStream) -> None:
    loaded = installation.loaded
    if loaded is None or ARTICLES in loaded or not installation.demo.articles:
        return
    log.say("up", "loading the demo company's help articles, once …")
    command = own_command("kb", "ingest", str(ARTICLES_FOLDER))
    code = await supervisor.run_to_end("articles", command, installation.env)
    if code == 0:
        loaded.add(ARTICLES)
    else:
        log.say("up", "the help articles could not be loaded; the next start tries again.")


def _stop_signals(supervisor: Supervisor, log: LogStream) -> asyncio.Event:
    """Set by the first signal; a second one ends everything this instant."""
    told_to_stop = asyncio.Event()

    def handle() -> None:
        if told_to_stop.is_set():
            log.say("up", "told twice: killing everything.")
            supervisor.kill()
        told_to_stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, handle)
    return told_to_stop
