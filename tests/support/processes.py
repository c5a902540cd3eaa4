"""Processes that a test looks at while they may end."""

from collections.abc import Iterable

import psutil


def alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; the dead that nobody waited for yet do not count."""
    return [process for process in processes if _status(process) != psutil.STATUS_ZOMBIE]


def at_work(process: psutil.Process) -> bool:
    """Alive, and not stopped by a signal."""
    return _status(process) not in (psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED)


def _status(process: psutil.Process) -> str:
    try:
        return process.status() if process.is_running() else psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two questions
        return psutil.STATUS_ZOMBIE
