"""What a killed Postgres leaves behind: a postmaster still running, its orphaned backends, a stale pid file."""

import contextlib
import signal
import time
from pathlib import Path

import psutil

_PATIENCE_S = 10.0  # a fast shutdown writes a checkpoint; seconds on a laptop's disk


def postmaster(cluster: Path) -> psutil.Process | None:
    """The postmaster that serves `cluster` now, if one does; a reused process id is not mistaken for one."""
    pid = _recorded_pid(cluster)
    if pid is None:
        return None
    return next((process for process in _processes_in(cluster) if process.pid == pid), None)


def is_served(cluster: Path) -> bool:
    """Whether a postmaster serves `cluster` now."""
    return postmaster(cluster) is not None


def recorded_port(cluster: Path) -> int | None:
    """The port in postmaster.pid: its fourth line (Postgres, src/include/utils/pidfile.h)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((cluster / "postmaster.pid").read_text().splitlines()[3])
    return None


def clear(cluster: Path) -> None:
    """Stop what still runs on `cluster` and remove a pid file nobody stands behind.

    A postmaster gets a fast shutdown (SIGINT). Orphans of a killed one only hold its shared memory, which would
    refuse the next start; SIGQUIT ends them at once, and the write-ahead log recovers the rest.
    """
    running = postmaster(cluster)
    if running is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(psutil.TimeoutExpired):
                running.wait(timeout=_PATIENCE_S)
    for last_word in (signal.SIGQUIT, signal.SIGKILL):
        orphans = _processes_in(cluster)
        for orphan in orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                orphan.send_signal(last_word)
        if orphans:
            psutil.wait_procs(orphans, timeout=3.0)
            _wait_until_reaped(orphans)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _wait_until_reaped(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 1.0
    while any(process.is_running() for process in processes) and time.monotonic() < deadline:
        time.sleep(0.02)


def _recorded_pid(cluster: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((cluster / "postmaster.pid").read_text().splitlines()[0])
    return None


def _processes_in(cluster: Path) -> list[psutil.Process]:
    """Postgres works from its cluster directory: that, not the name, tells ours from another installation's."""
    found = []
    resolved = str(cluster.resolve())
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != "postgres" or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        with contextlib.suppress(psutil.Error):
            if process.cwd() == resolved:
                found.append(process)
    return found
