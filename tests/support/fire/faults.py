"""What can befall a part, and the processes it befalls."""

import contextlib
import itertools
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import psutil
from tests.support.processes import alive
from tests.support.stack import RunningStack

Part = Literal["postgres", "livekit", "auth", "speech", "api", "jobs", "worker", "agent job"]
Fault = Literal["kill -9", "SIGSTOP"]
Moment = Literal["between calls", "greeting", "caller speaks", "assistant speaks"]
STOPPED_FOR_S = 20.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the matrix, and how long after its moment begins the fault comes."""

    part: Part
    fault: Fault
    moment: Moment
    delay_s: float

    def __str__(self) -> str:
        return f"{self.part}, {self.fault}, {self.moment}"


def every_cell(seed: int) -> list[Cell]:
    """All 64 rows in the order, and with the small delays, of this seed."""
    chance = random.Random(seed)
    rows = list(itertools.product(get_args(Part), get_args(Fault), get_args(Moment)))
    chance.shuffle(rows)
    return [Cell(*row, delay_s=round(chance.uniform(0.0, 0.6), 2)) for row in rows]


def a_few_cells(seed: int, *, stopped: int) -> list[Cell]:
    """Every part once; `stopped` of them are stopped for a while, which takes long, the others are killed."""
    cells = every_cell(seed)
    parts = list(dict.fromkeys(cell.part for cell in cells))
    return [
        next(cell for cell in cells if cell.part == part and cell.fault == ("SIGSTOP" if n < stopped else "kill -9"))
        for n, part in enumerate(parts)
    ]


class Victim:
    """The processes of a part at the moment of the fault."""

    def __init__(self, stack: RunningStack, part: Part) -> None:
        self.main = _agent_job(stack) if part == "agent job" else psutil.Process(stack.pid_of(part))
        # A container that hangs, hangs with everything in it.
        self._all = [self.main, *self.main.children(recursive=True)]

    def suffer(self, fault: Fault) -> None:
        """Kill the part's own process; or stop it with all of its children."""
        if fault == "kill -9":
            self.main.kill()
            return
        for process in self._living():
            process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let go on what was stopped and is still there."""
        for process in self._living():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)

    def _living(self) -> Iterator[psutil.Process]:
        return (process for process in self._all if process.is_running())


def _agent_job(stack: RunningStack) -> psutil.Process:
    """The job process that holds the call; between calls the one that waits for the next."""
    children = psutil.Process(stack.pid_of("worker")).children(recursive=True)
    jobs = [child for child in alive(children) if child.num_threads() > 1]
    livekit = int(stack.up["livekit_url"].rsplit(":", 1)[1])
    for job in jobs:
        with contextlib.suppress(psutil.Error):
            if any(c.raddr and c.raddr.port == livekit for c in job.net_connections("tcp")):
                return job
    return max(jobs, key=lambda job: job.create_time())
