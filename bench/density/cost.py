"""What a round cost: seconds of a processor by part, and private memory of the processes that matter."""

import statistics
from dataclasses import dataclass
from typing import Final

import psutil
from bench.latency.processes import Snapshot, private_mb

JOB, IDLE = "job", "worker at rest"
CALLERS: Final = "callers"


@dataclass(frozen=True, slots=True)
class Cost:
    """`used` are shares of one processor by part (1.0: all of it), `others` that of everything that is not ours.
    Private memory (USS) in MB; None where there was nothing to measure.
    """

    used: dict[str, float]
    others: float
    job_mb: float | None
    speech_mb: float | None


class Meter:
    """From now on, for `calls` calls."""

    def __init__(self) -> None:
        self._before = Snapshot.take()
        self._own_s = _own_s()
        self._machine_s = _machine_s()

    def cost(self, calls: int, lasted_s: float) -> Cost:
        """Until now, which is `lasted_s` after the beginning; the processes are still there."""
        after = Snapshot.take()
        machine_s, own_s = _machine_s() - self._machine_s, _own_s() - self._own_s
        used_s = after.since(self._before)
        by_process = sorted(after.of("us", self._before), key=lambda pair: -pair[1])
        jobs = by_process[:calls]
        used_s.pop("us", None)
        used_s[JOB] = sum(used for _, used in jobs)
        used_s[IDLE] = sum(used for _, used in by_process[calls:])
        used_s[CALLERS] = own_s
        speech = after.busiest_of("speech server", self._before)
        memory_mb = [mb for pid, _ in jobs if (mb := private_mb(pid)) is not None]
        return Cost(
            used={part: seconds / lasted_s for part, seconds in used_s.items()},
            others=max(0.0, machine_s - sum(used_s.values())) / lasted_s,
            job_mb=statistics.median(memory_mb) if memory_mb else None,
            speech_mb=private_mb(speech) if speech else None,
        )


def _own_s() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def _machine_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)
