"""`insta-voice up` as `make run` starts it: what it opens, what it says, and that every part may die during a call."""

import asyncio
import ipaddress
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from tests.support.demo_calls import WHOLE_AGAIN_WITHIN_S, calling, is_answered, whole
from tests.support.poll import eventually
from tests.support.stack import UP, RunningStack, start_stack

PARTS = ("worker", "speech", "api", "livekit", "postgres", "jobs", "auth")


@dataclass(frozen=True)
class Restarted:
    """A stack in its second run, what the first one left behind, and how soon the page was back."""

    stack: RunningStack
    left_by_the_first: list[psutil.Process]
    page_after_s: float


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    data_dir = tmp_path_factory.mktemp("restarted") / "data"
    with start_stack(data_dir) as first:
        first.wait_ready()
        left = first.stop(signal.SIGINT)
    began = time.monotonic()
    with start_stack(data_dir) as later:
        eventually(lambda: _answers(first.up["url"]), within_s=10, what="the page")  # promised 5 s on an idle machine
        page_after_s = time.monotonic() - began
        later.wait_ready()
        yield Restarted(later, left, page_after_s)


@pytest.fixture(scope="module")
def stack(restarted: Restarted) -> RunningStack:
    return restarted.stack


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False


def test_ctrl_c_leaves_nothing_and_a_later_start_is_quick(restarted: Restarted) -> None:
    assert restarted.left_by_the_first == []
    print(f"the page of a later start was there after {restarted.page_after_s:.1f} s")


def test_up_json_says_what_is_true(stack: RunningStack) -> None:
    up = stack.up
    assert list(up) == ["url", "livekit_url", "database_url", "auth_emulator", "speech_url", "demo_users"]
    assert httpx.get(f"{up['url']}/readyz").status_code == 200
    assert httpx.get(up["livekit_url"].replace("ws://", "http://")).status_code == 200
    assert httpx.get(up["auth_emulator"]).status_code == 200
    assert httpx.get(f"{up['speech_url']}/readyz").status_code == 200
    with psycopg.connect(up["database_url"]) as connection:
        row = connection.execute("select count(*) from knowledge_articles").fetchone()
        assert row is not None
        assert row[0] >= 40
        roles = dict(connection.execute("select email, role from user_profiles").fetchall())
    assert roles == {user["email"]: user["role"] for user in up["demo_users"]}
    assert {"customer", "support", "admin"} == set(roles.values())


def test_nothing_listens_beyond_loopback(stack: RunningStack) -> None:
    """No call is held, so there is no exception: docs/stack.md lists those of a call."""
    open_to_others = [
        (process.name(), connection.laddr)
        for process in stack.processes()
        for connection in _sockets(process)
        if _listens(connection) and not ipaddress.ip_address(connection.laddr.ip).is_loopback
    ]
    assert open_to_others == []


def _sockets(process: psutil.Process) -> list[Any]:
    try:
        return process.net_connections("inet")
    except psutil.NoSuchProcess:  # a helper process that ended while the tree was walked
        return []


def _listens(connection: Any) -> bool:
    return connection.type == socket.SOCK_DGRAM or connection.status == psutil.CONN_LISTEN


def test_a_command_uses_the_running_database(stack: RunningStack) -> None:
    command = [UP[0], "kb", "search", "How do I reset my password?", "--json"]
    env = {**os.environ, "INSTA_DATA_DIR": str(stack.data_dir)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "password" in done.stdout


def test_a_second_installation_runs_beside_the_first(stack: RunningStack, tmp_path: Path) -> None:
    """Another data directory is another installation, with ports of its own."""
    chosen = tmp_path / "second" / "ports.json"
    with start_stack(chosen.parent) as second:
        eventually(
            lambda: chosen.exists() and _answers(f"http://127.0.0.1:{json.loads(chosen.read_text())['web']}"),
            within_s=60,
            what="the second installation's page",
        )
        assert _answers(stack.up["url"])
        assert not second.stop()
    mine = json.loads((stack.data_dir / "ports.json").read_text())
    assert not set(mine.values()) & set(json.loads(chosen.read_text()).values())


@pytest.mark.timeout(600)
async def test_every_part_may_die_during_a_call(stack: RunningStack) -> None:
    """kill -9 of one part after the other, each during a call: whole again by itself, and the next call is answered."""
    async with calling(stack) as call:
        await call.caller.greeting()
        os.kill(_process_of_the_call(stack), signal.SIGKILL)
    for part in PARTS:
        await whole(stack)
        async with calling(stack) as call:
            await is_answered(stack, call.caller)
            said_before = len(stack.log.read_text(errors="replace"))
            os.kill(stack.pid_of(part), signal.SIGKILL)
            await asyncio.to_thread(_says, stack, f"{part} is ready again", after=said_before)
    await whole(stack)
    async with calling(stack) as call:
        await is_answered(stack, call.caller)


def _says(stack: RunningStack, line: str, *, after: int) -> None:
    eventually(lambda: line in stack.log.read_text(errors="replace")[after:], within_s=WHOLE_AGAIN_WITHIN_S, what=line)


def _process_of_the_call(stack: RunningStack) -> int:
    """The process that holds the call: the busiest of the worker's children that came last."""
    children = psutil.Process(stack.pid_of("worker")).children(recursive=True)
    jobs = [child for child in children if child.status() != psutil.STATUS_ZOMBIE and child.num_threads() > 1]
    return max(jobs, key=lambda child: child.cpu_times().user).pid
