"""What becomes of a panic in the Rust part of LiveKit's client while tests run.

The client prints it and sends its own process SIGTERM. In a product's process that ends one call; here it ended the
whole run, and the message with it. Kept instead, and told at the end; the test that was hit decides by itself.
"""

import os
import signal
from typing import Any

import pytest
from livekit.rtc import _ffi_client

panics: list[str] = []


class _Os:
    """The module `os`, but for ending the process that asks."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def kill(self, pid: int, number: int) -> None:
        if (pid, number) != (os.getpid(), signal.SIGTERM):
            os.kill(pid, number)


def _keep(*words: object, **_: object) -> None:
    panics.append(f"{os.environ.get('PYTEST_CURRENT_TEST', 'between tests')}: {' '.join(map(str, words))}")


def survive_panics() -> None:
    """Once, before the first call."""
    _ffi_client.os = _Os()  # type: ignore[attr-defined]
    _ffi_client.print = _keep  # type: ignore[attr-defined]


def tell_panics(reporter: pytest.TerminalReporter) -> None:
    """At the end of a run."""
    for panic in panics:
        reporter.write_line(f"LiveKit's client panicked in {panic}")
