"""What is held against each provider: known in one process, or in a directory of files by all calls of a machine.

Each call is a process. Without the files each new one would wait for the deadline of a provider that the last one has
found dead. They are small, on a local disk, and read in some tens of microseconds; nobody waits for anybody's lock.
When they cannot be read or written, a call knows what it has found itself.
"""

import fcntl
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, TextIO

from insta_voice.own_directory import is_ours, own_directory
from insta_voice.settings import Settings

log = logging.getLogger(__name__)

# Before each try. A change takes a tenth of a millisecond: the next finds the lock free, and nobody hears the pause.
_WAITS_S = (0.0, 0.0005, 0.0005)
_LOCK = "lock"
_NEW = ".new"  # of who died while writing


@dataclass(frozen=True, slots=True)
class Held:
    """Against one provider. Seconds are monotonic since the machine was started: the time of day may jump."""

    failures: int = 0  # in a row
    pauses: int = 0  # in a row, for which it was left alone
    until_s: float = 0.0  # the end of the last one, or of the time that its probe has
    at_s: float = 0.0  # when this was written


NOTHING = Held()

Change = Callable[[Held], Held | None]
"""What is to be held instead; None for no change."""


class Store(Protocol):
    """Where it is known."""

    def read(self, provider: str) -> Held:
        """What is held against it."""
        ...

    def change(self, provider: str, to: Change) -> bool:
        """Whether it was changed. Of two at the same time the second sees what the first has written."""
        ...


class InMemory:
    """Known to one process."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def read(self, provider: str) -> Held:
        return self._held.get(provider, NOTHING)

    def change(self, provider: str, to: Change) -> bool:
        changed = to(self.read(provider))
        if changed is not None:
            self._held[provider] = changed
        return changed is not None


class InFiles:
    """Known to every process that uses `directory`: a file per provider, each written whole."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._alone: InMemory | None = None

    def read(self, provider: str) -> Held:
        if self._alone is not None:
            return self._alone.read(provider)
        if not is_ours(self._directory):
            return NOTHING
        try:
            return self._read(self._file(provider))[1]
        except OSError as error:
            return self._go_alone(error).read(provider)

    def change(self, provider: str, to: Change) -> bool:
        if self._alone is not None:
            return self._alone.change(provider, to)
        try:
            with self._locked() as mine:
                changed = to(self._read(self._file(provider))[1]) if mine else None
                if changed is not None:
                    self._write(provider, changed)
                return changed is not None
        except OSError as error:
            return self._go_alone(error).change(provider, to)

    def all(self) -> Mapping[str, Held]:
        """Every provider against which something was held. OSError when it cannot be read."""
        files = sorted(self._directory.glob("*.json")) if is_ours(self._directory) else ()
        found = (self._read(file) for file in files)
        return {provider: held for provider, held in found if provider}

    def forget(self) -> None:
        """Hold nothing against anybody: who starts anew may have another key, or another network."""
        try:
            with self._locked() as mine:
                for pattern in ("*.json", f"*{_NEW}") if mine else ():
                    for file in self._directory.glob(pattern):
                        file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("what is held against providers could not be forgotten: %s", type(error).__name__)

    def _file(self, provider: str) -> Path:
        return self._directory / f"{hashlib.sha256(provider.encode()).hexdigest()[:16]}.json"

    def _read(self, file: Path) -> tuple[str, Held]:
        """The provider and what is held against it; nothing when the file is missing, or not one of ours."""
        try:
            text = file.read_text()
        except FileNotFoundError:
            return "", NOTHING
        try:
            kept = json.loads(text)
            held = Held(int(kept["failures"]), int(kept["pauses"]), float(kept["until_s"]), float(kept["at_s"]))
            return str(kept["provider"]), held
        except (ValueError, TypeError, KeyError):
            return "", NOTHING

    def _write(self, provider: str, held: Held) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self._directory, suffix=_NEW, delete=False) as new:
            json.dump({"provider": provider, **asdict(held)}, new)
        os.replace(new.name, self._file(provider))

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Whether nobody else is changing something; the system unlocks for who dies in the middle."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_ours(self._directory):
            raise PermissionError("somebody else may write there")
        with (self._directory / _LOCK).open("a") as lock:
            yield any(_lock(lock, wait_s) for wait_s in _WAITS_S)

    def _go_alone(self, error: OSError) -> InMemory:
        log.warning("which providers fail is known in this call only: %s", type(error).__name__)
        self._alone = InMemory()
        return self._alone


def _lock(file: TextIO, wait_s: float) -> bool:
    time.sleep(wait_s)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def shared_store(settings: Settings) -> InFiles:
    """Of all calls of this installation on this machine."""
    return InFiles(own_directory(settings.service.data_dir.expanduser().absolute(), "breakers"))
