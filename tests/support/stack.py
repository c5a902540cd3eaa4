"""A whole stack for tests: `insta-voice up` in a directory of its own, and what its process tree leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.support.poll import eventually
from tests.support.processes import alive
from tests.support.settings import BRISK_VOICE

UP = (str(Path(sys.executable).parent / "insta-voice"), "up")
# Its own settings must not leak into a stack that is to stand alone.
PREFIXES = (
    *("DATABASE_", "LIVEKIT_", "FIREBASE_", "OPENAI_", "VOICE_", "INSTA_", "LIMIT_", "TICKET_", "KNOWLEDGE_"),
    *("SIGNUP", "COMPANY_", "ACCOUNT_", "RETENTION_", "DEMO_", "SUPPORT_", "WELCOME_"),
)
READY_WITHIN_S = 180.0  # a first start on two busy cores: initdb, every model, every article
STOPPED_WITHIN_S = 10.0


@dataclass
class RunningStack:
    """A started `up`. `up` is the parsed up.json once it is ready."""

    process: subprocess.Popen[str]
    data_dir: Path
    log: Path
    started_at_s: float = field(default_factory=time.time)
    up: dict[str, Any] = field(default_factory=dict)

    @property
    def up_file(self) -> Path:
        return self.data_dir / "up.json"

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> dict[str, Any]:
        """Parse up.json once it is there; fails with the log's end when `up` ends first."""

        def there() -> bool:
            assert self.process.poll() is None, f"up ended with {self.process.returncode}:\n{self.tail()}"
            try:  # what a killed one left is there for some seconds more
                return self.up_file.stat().st_mtime >= self.started_at_s
            except FileNotFoundError:
                return False

        try:
            eventually(there, within_s=within_s, what="up.json")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None
        self.up = json.loads(self.up_file.read_text())
        return self.up

    def tail(self, lines: int = 40) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def processes(self) -> list[psutil.Process]:
        """The whole tree: the supervisor, its guardian, the parts and their children."""
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def pid_of(self, part: str) -> int:
        """The process id of a part, by the lines of its command."""
        marks = {"postgres": ("postgres", "-D"), "livekit": ("--config",), "auth": ("auth-emulator.cjs",)}
        wanted = marks.get(part, ("insta-voice", part))
        for child in psutil.Process(self.process.pid).children():
            command = " ".join(child.cmdline())
            if all(mark in command for mark in wanted):
                return child.pid
        raise AssertionError(f"no process of {part}")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> list[psutil.Process]:
        """The signal, the end within 10 s, and what is still alive of the tree after it."""
        tree = self.processes()
        self.process.send_signal(by)
        self.process.wait(timeout=STOPPED_WITHIN_S)
        return alive(tree)


@contextmanager
def start_stack(
    data_dir: Path, *, command: Sequence[str] = UP, env: Mapping[str, str] | None = None
) -> Iterator[RunningStack]:
    """Start it; whatever the test did, nothing of it is left afterwards."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "up.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    with log.open("a") as out:
        process = subprocess.Popen(
            command,
            env={**clean, "INSTA_DATA_DIR": str(data_dir), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    stack = RunningStack(process, data_dir, log)
    try:
        yield stack
    finally:
        if process.poll() is None:
            tree = stack.processes()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=STOPPED_WITHIN_S + 5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for left in alive(tree):
                left.kill()


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The whole product, started as `make run` starts it, on ports of its own; `.up` is the parsed up.json."""
    # Production's rule for who may call, which the browser tests go through; and they call more often than people do.
    env = {"SIGNUP": "known", "LIMIT_TOKENS_PER_MINUTE": "60", **BRISK_VOICE}
    with start_stack(tmp_path_factory.mktemp("stack") / "data", env=env) as stack:
        stack.wait_ready()
        yield stack
        left = stack.stop()
        assert not left, f"left behind: {left}\n{stack.tail()}"
        assert not stack.up_file.exists()
