"""systemd's protocol, the speaking side: who is watched says so, and nobody else."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from insta_voice.readiness import keep_saying_alive, watched_every_s


@pytest.mark.parametrize(
    ("usec", "pid", "expected"),
    [
        (None, None, None),
        ("", None, None),
        ("0", None, None),
        ("soon", None, None),
        ("8000000", None, 8.0),
        ("8000000", "mine", 8.0),
        ("8000000", "1", None),  # set for the process that started us
    ],
)
def test_who_is_watched(
    monkeypatch: pytest.MonkeyPatch, usec: str | None, pid: str | None, expected: float | None
) -> None:
    for name, value in {"WATCHDOG_USEC": usec, "WATCHDOG_PID": str(os.getpid()) if pid == "mine" else pid}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert watched_every_s() == expected


async def test_it_is_said_three_times_a_deadline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "90000")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as watching:
        watching.bind(str(tmp_path / "notify"))
        watching.setblocking(False)
        saying = asyncio.create_task(keep_saying_alive(), name="say-alive")
        async with asyncio.timeout(20):
            for _ in range(3):
                assert await asyncio.get_running_loop().sock_recv(watching, 100) == b"WATCHDOG=1"
        saying.cancel()


async def test_who_is_not_watched_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    async with asyncio.timeout(5):
        await keep_saying_alive()


async def test_a_watcher_that_is_gone_hurts_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    saying = asyncio.create_task(keep_saying_alive(), name="say-alive")
    await asyncio.wait({saying}, timeout=0.1)
    assert not saying.done()
    saying.cancel()
