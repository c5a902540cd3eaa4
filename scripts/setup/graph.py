"""Steps that depend on each other, run side by side, each with one line that says how long it took."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

# Downloads overlap with compiling; more than this only makes two cores swap between installs.
AT_ONCE = 4
STILL_WORKING_EVERY_S = 20.0


class StepFailedError(Exception):
    """A step could not be done. The message is a sentence saying what to do; `output` is the last of its lines."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.output = output


@dataclass(frozen=True)
class Step:
    """One thing to bring. `work` returns a word on what it did, or None when everything was there already."""

    name: str
    work: Callable[[], str | None]
    after: tuple[str, ...] = ()


def in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps, each after those it needs. Raises ValueError for an unknown name or a circle."""
    by_name = {step.name: step for step in steps}
    placed: dict[str, Step] = {}
    visiting: set[str] = set()

    def place(name: str) -> None:
        if name in placed:
            return
        if name not in by_name:
            raise ValueError(f"no step is called {name}")
        if name in visiting:
            raise ValueError(f"{name} waits for itself")
        visiting.add(name)
        for needed in by_name[name].after:
            place(needed)
        placed[name] = by_name[name]

    for name in by_name:
        place(name)
    return list(placed.values())


class Progress:
    """Prints one line a step; quiet about what was there already."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._started: dict[str, float] = {}
        self._lock = threading.Lock()

    def started(self, name: str) -> None:
        with self._lock:
            self._started[name] = self._clock()

    def done(self, name: str, what: str | None) -> None:
        with self._lock:
            took = self._clock() - self._started.pop(name)
        if what is not None:
            self._say(f"  {name:<18} {what} ({took:.1f} s)")

    def failed(self, name: str) -> None:
        with self._lock:
            took = self._clock() - self._started.pop(name)
        self._say(f"  {name:<18} failed ({took:.1f} s)")

    def still_working(self) -> None:
        with self._lock:
            now = self._clock()
            running = [f"{name} {now - since:.0f} s" for name, since in self._started.items()]
        if running:
            self._say(f"  … still at it: {', '.join(running)}")


def run_steps(steps: Iterable[Step], progress: Progress) -> None:
    """Run every step as soon as those it needs are done. The first failure is raised once nothing runs any more."""
    waiting = in_order(steps)
    done: set[str] = set()
    running: dict[Future[str | None], Step] = {}
    failure: StepFailedError | None = None
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while waiting or running:
            ready = [] if failure else [step for step in waiting if done.issuperset(step.after)]
            for step in ready:
                waiting.remove(step)
                running[pool.submit(_timed, step, progress)] = step
            if not running:
                break
            finished, _ = wait(running, timeout=STILL_WORKING_EVERY_S, return_when=FIRST_COMPLETED)
            if not finished:
                progress.still_working()
            for future in finished:
                step = running.pop(future)
                try:
                    progress.done(step.name, future.result())
                    done.add(step.name)
                except StepFailedError as error:
                    progress.failed(step.name)
                    failure = failure or error
    if failure:
        raise failure


def _timed(step: Step, progress: Progress) -> str | None:
    progress.started(step.name)
    return step.work()
