"""`insta-voice up` as `make run` starts it: what it opens, what it says, and that every part may die during a call."""

import asyncio
import ipaddress
import os
import signal
import socket
import subprocess
import time
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from tests.support.poll import eventually
from tests.support.stack import UP, RunningStack, alive, start_stack

from insta_voice.demo.caller import Caller
from insta_voice.demo.customer import Customer, Installation
from insta_voice.demo.voice import speak
from insta_voice.errors import InstaVoiceError

PARTS = ("postgres", "livekit", "auth", "speech", "api", "jobs", "worker")
WHOLE_AGAIN_WITHIN_S = 90.0  # the worker's models, twice as long as on an idle machine
CUSTOMER = "maya@tidewater.example"


def test_up_json_says_what_is_true(running_stack: RunningStack) -> None:
    up = running_stack.up
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


def test_nothing_listens_beyond_loopback(running_stack: RunningStack) -> None:
    """No call is held, so there is no exception: docs/stack.md lists those of a call."""
    open_to_others = [
        (process.name(), connection.laddr)
        for process in running_stack.processes()
        for connection in process.net_connections("inet")
        if listens(connection) and not ipaddress.ip_address(connection.laddr.ip).is_loopback
    ]
    assert open_to_others == []


def listens(connection: Any) -> bool:
    return connection.type == socket.SOCK_DGRAM or connection.status == psutil.CONN_LISTEN


def test_a_command_uses_the_running_database(running_stack: RunningStack) -> None:
    command = [UP[0], "kb", "search", "How do I reset my password?", "--json"]
    env = {**os.environ, "INSTA_DATA_DIR": str(running_stack.data_dir)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "password" in done.stdout


@pytest.mark.parametrize("part", ["job", *PARTS])
@pytest.mark.timeout(300)
async def test_a_part_may_die_during_a_call(running_stack: RunningStack, part: str) -> None:
    """After kill -9 of any part the stack is whole again by itself, and the next call is answered."""
    stack = running_stack
    async with Customer(Installation.running_in(stack.data_dir), CUSTOMER) as customer, Caller() as caller:
        token = await join_token(customer)
        await caller.join(token["server_url"], token["participant_token"])
        await caller.greeting()
        said_before = stack.log.read_text(errors="replace")
        victim = job_process(stack) if part == "job" else stack.pid_of(part)
        os.kill(victim, signal.SIGKILL)
        if part != "job":
            again = f"{part} is ready again"
            await asyncio.to_thread(
                eventually,
                lambda: stack.log.read_text(errors="replace")[len(said_before) :].count(again),
                within_s=WHOLE_AGAIN_WITHIN_S,
                what=again,
            )
    await whole(stack)
    await the_next_call_is_answered(stack)


def job_process(stack: RunningStack) -> int:
    """The process that holds the call: the busiest of the worker's children that came last."""
    children = psutil.Process(stack.pid_of("worker")).children(recursive=True)
    jobs = [child for child in children if child.status() != psutil.STATUS_ZOMBIE and child.num_threads() > 1]
    return max(jobs, key=lambda child: child.cpu_times().user).pid


async def whole(stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.up["url"]) as client, asyncio.timeout(WHOLE_AGAIN_WITHIN_S):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)


async def the_next_call_is_answered(stack: RunningStack) -> None:
    async with Customer(Installation.running_in(stack.data_dir), CUSTOMER) as customer, Caller() as caller:
        token = await join_token(customer)
        await caller.join(token["server_url"], token["participant_token"])
        await caller.greeting()
        reply = await caller.ask(await speak(stack.up["speech_url"], "How do I reset my password?"))
    assert "password" in reply.text.lower()
    assert reply.sources


async def join_token(customer: Customer) -> dict[str, str]:
    """A token; the call before it may still be closing, which counts for the limit of one call at a time."""
    async with asyncio.timeout(WHOLE_AGAIN_WITHIN_S):
        while True:
            try:
                return await customer.join_token()
            except InstaVoiceError:
                await asyncio.sleep(7)  # ten tokens a minute are allowed


@pytest.mark.timeout(600)
def test_a_later_start_shows_the_page_within_seconds_and_ctrl_c_leaves_nothing(
    running_stack: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A second installation beside the first: its data directory is its own, its later start is quick."""
    data_dir = tmp_path_factory.mktemp("second") / "data"
    with start_stack(data_dir) as first:
        first.wait_ready()
        assert first.up["url"] != running_stack.up["url"]
        assert not first.stop()
    began = time.monotonic()
    with start_stack(data_dir) as later:
        eventually(lambda: answers(first.up["url"]), within_s=10, what="the page")  # promised 5 s on an idle machine
        page_after_s = time.monotonic() - began
        tree = later.processes()
        later.process.send_signal(signal.SIGINT)
        later.process.wait(timeout=10)
        assert not alive(tree)
    print(f"the page of a later start was there after {page_after_s:.1f} s")


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False
