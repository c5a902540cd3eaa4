"""What a call costs: processor time by part, and the private memory of the process that holds it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil
from bench.latency.without import MECHANISMS

# By a piece of the command it is started with, which part a process is; a side's part has the side's name.
_PARTS = {
    "insta-voice worker": "us",
    "insta-voice speech": "speech server",
    "insta-voice api": "api and jobs",
    "insta-voice jobs": "api and jobs",
    "livekit-server": "media server",
    "postgres": "database",
    "bench.latency.livekit_agent stock": "livekit",
    "bench.latency.livekit_agent tuned": "tuned",
    "bench.latency.pipecat_bot": "pipecat",
    "bench.density.remote": "providers",
    **{f"bench.latency.our_worker {mechanism}": side for side, mechanism in MECHANISMS.items()},
    "bench.latency.minds.model": "language model",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Of every process of ours, by its id: its part, and the seconds of a processor that it has used so far."""

    used_s: Mapping[int, tuple[str, float]]

    @classmethod
    def take(cls) -> "Snapshot":
        """Now."""
        return cls({process.pid: (part, _used_s(process)) for part, process in _processes()})

    def since(self, earlier: "Snapshot") -> dict[str, float]:
        """Seconds of a processor by part; of processes that began meanwhile, all of theirs."""
        used: dict[str, float] = {}
        for pid, (part, now_s) in self.used_s.items():
            used[part] = used.get(part, 0.0) + now_s - earlier.used_s.get(pid, (part, 0.0))[1]
        return used

    def of(self, part: str, earlier: "Snapshot") -> list[tuple[int, float]]:
        """The processes of a part by their ids, and the seconds each has used since."""
        return [
            (pid, now_s - earlier.used_s.get(pid, (part, 0.0))[1])
            for pid, (its_part, now_s) in self.used_s.items()
            if its_part == part
        ]

    def busiest_of(self, part: str, earlier: "Snapshot") -> int | None:
        """The process of a part that used most: the one that holds the call."""
        return max(self.of(part, earlier), key=lambda pair: pair[1], default=(None, 0.0))[0]


def private_mb(pid: int) -> float | None:
    """What of its memory no other process has (USS), in megabytes; None when it is gone."""
    with contextlib.suppress(psutil.Error):
        return float(psutil.Process(pid).memory_full_info().uss / 1e6)
    return None


def _processes() -> Iterator[tuple[str, psutil.Process]]:
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            part = part_of(" ".join(child.cmdline()))
            if part:
                yield from ((part, process) for process in (child, *child.children(recursive=True)))


def part_of(command: str) -> str | None:
    """Which part a process is, by the command it was started with; None: none of ours."""
    return next((part for mark, part in _PARTS.items() if mark in command), None)


def _used_s(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0
