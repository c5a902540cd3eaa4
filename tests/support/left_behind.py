"""What a process holds, counted inside it: tasks, threads, open files, and objects by their type."""

import asyncio
import gc
import os
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Holding:
    """Counted at one moment."""

    tasks: int
    threads: int
    files: int
    objects: Counter[type]

    def more_than(self, before: "Holding") -> list[str]:
        """Tasks, threads and files that have been left behind since then."""
        counted = {name: (getattr(before, name), getattr(self, name)) for name in ("tasks", "threads", "files")}
        return [f"{name}: {had} → {has}" for name, (had, has) in counted.items() if has > had]

    def more_of(self, kinds: Iterable[type], before: "Holding") -> list[str]:
        """Of which of them there are more than then, with how many."""
        counted = {kind: (before.objects[kind], self.objects[kind]) for kind in kinds}
        return [f"{kind.__qualname__}: {had} → {has}" for kind, (had, has) in counted.items() if has > had]


async def holding() -> Holding:
    """Now, when all that nobody needs is gone."""
    for _ in range(3):  # what is closed when it is found to be garbage takes a step of the loop for it
        gc.collect()
        await asyncio.sleep(0.1)
    objects = Counter(type(each) for each in gc.get_objects())
    return Holding(len(asyncio.all_tasks()), threading.active_count(), len(os.listdir("/proc/self/fd")), objects)
