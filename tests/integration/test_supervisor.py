"""`insta-voice up` with tiny real programs in the place of the parts: what it restarts, stops and leaves behind."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from tests.support import fake_up
from tests.support.poll import eventually
from tests.support.processes import alive
from tests.support.stack import STOPPED_WITHIN_S, RunningStack, start_stack


class Starter:
    """Starts any number of small stacks; each has its folder of process ids."""

    def __init__(self, folder: Path, exits: ExitStack) -> None:
        self._folder = folder
        self._exits = exits

    def start(self, name: str, *habits: str, port: int | None = None) -> RunningStack:
        data_dir = self._folder / name
        data_dir.mkdir(exist_ok=True)
        env = {"PYTHONPATH": os.getcwd()} | ({"INSTA_PORT": str(port)} if port else {})
        command = [sys.executable, str(fake_up.__file__), str(data_dir), *habits]
        return self._exits.enter_context(start_stack(data_dir, command=command, env=env))


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    with ExitStack() as exits:
        yield Starter(tmp_path, exits)


def recorded_pid(stack: RunningStack, name: str) -> int:
    """The process id a fake part wrote down last."""
    return int((stack.data_dir / name).read_text())


def recorded(stack: RunningStack, name: str) -> psutil.Process:
    """The same, of one that runs."""
    return psutil.Process(recorded_pid(stack, name))


def everything(stack: RunningStack) -> list[psutil.Process]:
    names = ("base.pid", "base.child", "top.pid", "top.child")
    return [*stack.processes(), *(recorded(stack, name) for name in names)]


def test_a_crashed_part_is_started_again_and_said_so(starter: Starter) -> None:
    stack = starter.start("a")
    stack.wait_ready(20)
    first = recorded(stack, "base.pid")
    child = recorded(stack, "base.child")
    first.kill()
    eventually(lambda: recorded_pid(stack, "base.pid") != first.pid, within_s=5, what="a new process")
    eventually(lambda: "base is ready again" in stack.tail(), within_s=5, what="the sentence")
    assert "base was ended by SIGKILL; starting it again in 0.5 s." in stack.tail()
    assert not alive([child]), "the child of the crashed part still runs"
    assert recorded(stack, "top.pid").is_running()


def test_a_part_that_hangs_is_killed_and_started_again(starter: Starter) -> None:
    """A stopped process is still there: only its silence tells."""
    stack = starter.start("a")
    stack.wait_ready(20)
    first = recorded(stack, "base.pid")
    first.suspend()
    eventually(lambda: recorded_pid(stack, "base.pid") != first.pid, within_s=15, what="a new process")
    eventually(lambda: "base is ready again" in stack.tail(), within_s=5, what="the sentence")
    assert "base gave no sign of life for 3 s and was killed; starting it again in 0.5 s." in stack.tail()
    assert "top gave no sign" not in stack.tail()
    assert not alive([first])


def test_a_supervisor_that_was_stopped_itself_blames_nobody(starter: Starter) -> None:
    """After a suspended laptop, or a frozen container, nobody could be heard; the parts did nothing wrong."""
    stack = starter.start("a")
    stack.wait_ready(20)
    pids = [recorded_pid(stack, name) for name in ("base.pid", "top.pid")]
    supervisor = psutil.Process(stack.process.pid)
    supervisor.suspend()
    began = time.monotonic()
    eventually(lambda: time.monotonic() - began > fake_up.SILENT_AT_MOST_S + 2, within_s=10, what="a long stop")
    supervisor.resume()
    resumed = time.monotonic()
    eventually(lambda: time.monotonic() - resumed > fake_up.SILENT_AT_MOST_S, within_s=10, what="some more looks")
    assert "gave no sign of life" not in stack.tail()
    assert [recorded_pid(stack, name) for name in ("base.pid", "top.pid")] == pids


def test_a_terminated_supervisor_leaves_nothing(starter: Starter) -> None:
    stack = starter.start("a", "top:stubborn")
    stack.wait_ready(20)
    tree = everything(stack)
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(timeout=STOPPED_WITHIN_S) == 0
    assert not alive(tree)
    assert not stack.up_file.exists()
    assert "top did not end in time and was killed." in stack.tail()


def test_parts_stop_in_reverse_order(starter: Starter) -> None:
    stack = starter.start("a")
    stack.wait_ready(20)
    base = recorded(stack, "base.pid")
    top = recorded(stack, "top.pid")
    top.suspend()
    stack.process.send_signal(signal.SIGINT)
    eventually(lambda: "stopping" in stack.tail(), within_s=5, what="the stop")
    assert base.is_running()
    top.resume()
    assert stack.process.wait(timeout=STOPPED_WITHIN_S) == 0
    assert not alive([base, top])
    assert "did not end in time" not in stack.tail(), "they were killed, not asked"


def test_a_killed_supervisor_leaves_nothing_and_the_next_one_starts(starter: Starter) -> None:
    stack = starter.start("a", "base:stubborn")
    stack.wait_ready(20)
    tree = everything(stack)
    stack.process.kill()
    stack.process.wait()
    again = starter.start("a")  # at once: it waits for the guardian of the first
    eventually(lambda: not stack.up_file.exists(), within_s=10, what="the end of what the first one left")
    again.wait_ready(20)
    assert not alive(tree)


def test_a_second_one_on_the_same_directory_is_refused(starter: Starter) -> None:
    stack = starter.start("a")
    stack.wait_ready(20)
    second = starter.start("a")
    assert second.process.wait(timeout=10) == 1
    assert f"insta-voice is already running on {stack.data_dir} (process {stack.process.pid})." in stack.tail()
    assert stack.up_file.exists()


def test_two_directories_run_side_by_side(starter: Starter) -> None:
    one, two = starter.start("a"), starter.start("b")
    assert one.wait_ready(20)["url"] != two.wait_ready(20)["url"]


def test_the_port_of_last_time_is_kept(starter: Starter) -> None:
    first = starter.start("a")
    url = first.wait_ready(20)["url"]
    first.stop()
    assert starter.start("a").wait_ready(20)["url"] == url


def test_a_configured_port_in_use_is_named_with_its_mend(starter: Starter) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = starter.start("a", port=port)
        assert stack.process.wait(timeout=10) == 1
    said = stack.tail()
    assert f"Port {port} is in use by" in said
    assert "set INSTA_PORT to a free port, for example INSTA_PORT=" in said


def test_a_part_that_cannot_start_ends_everything_with_a_sentence(starter: Starter) -> None:
    stack = starter.start("a", "top:broken")
    assert stack.process.wait(timeout=30) == 1
    assert "top could not be started: it ended with exit code 3. Its last lines are above." in stack.tail()
    assert "top      │ I cannot" in stack.tail()
    assert not psutil.pid_exists(recorded_pid(stack, "base.pid"))
    assert not stack.up_file.exists()


def test_a_part_that_is_never_ready_is_killed_and_started_again(starter: Starter) -> None:
    stack = starter.start("a", "top:deaf")
    eventually(lambda: "top was not ready within 5 s; starting it again" in stack.tail(), within_s=15, what="it")
    assert not stack.up_file.exists()
