"""What a killed Postgres leaves behind: a postmaster still running, its orphaned backends, a stale pid file."""

import contextlib
import signal
from pathlib import Path

import psutil

_PATIENCE_S = 20.0  # a fast shutdown writes a checkpoint: 0.1 s on an idle laptop, seconds on a busy one


def postmaster(cluster: Path) -> psutil.Process | None:
    """The postmaster that serves `cluster` now, if one does; a reused process id is not mistaken for one."""
    pid = _recorded_pid(cluster)
    if pid is None:
        return None
    found, _ = _processes_in(cluster)
    return next((process for process in found if process.pid == pid), None)


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
        orphans, _ = _processes_in(cluster)
        for orphan in orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                stopped = orphan.status() == psutil.STATUS_STOPPED  # SIGQUIT would wait until it goes on
                orphan.send_signal(signal.SIGKILL if stopped else last_word)
        psutil.wait_procs(orphans, timeout=3.0)
    remaining, saw_all = _processes_in(cluster)
    # The pid file also leads Postgres to the shared memory of what still runs: it goes only when nothing does.
    if saw_all and not remaining:
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _recorded_pid(cluster: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((cluster / "postmaster.pid").read_text().splitlines()[0])
    return None


def _processes_in(cluster: Path) -> tuple[list[psutil.Process], bool]:
    """Postgres works from its cluster directory: that, not the name, tells ours from another installation's.

    The second value is False when some process's directory could not be read, as in containers whose root may not
    look into others' processes; the postmaster is then known by its command, its orphans end by themselves.
    """
    found = []
    saw_all = True
    resolved = str(cluster.resolve())
    for process in psutil.process_iter(["name", "status", "cmdline"]):
        if process.info["name"] != "postgres" or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            ours = process.cwd() == resolved
        except psutil.AccessDenied:
            saw_all = False
            ours = str(cluster) in (process.info["cmdline"] or ())
        except psutil.NoSuchProcess:
            continue
        if ours:
            found.append(process)
    return found, saw_all
