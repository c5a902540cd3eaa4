"""`insta-voice up` as `make run` starts it: what it opens and what it says. What it survives: `test_fire.py`."""

import ipaddress
import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from tests.support.poll import eventually
from tests.support.stack import UP, RunningStack, start_stack
from tests.support.whole_stack import Restarted, answers


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
            lambda: chosen.exists() and answers(f"http://127.0.0.1:{json.loads(chosen.read_text())['web']}"),
            within_s=60,
            what="the second installation's page",
        )
        assert answers(stack.up["url"])
        assert not second.stop()
    mine = json.loads((stack.data_dir / "ports.json").read_text())
    assert not set(mine.values()) & set(json.loads(chosen.read_text()).values())
