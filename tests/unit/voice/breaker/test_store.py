"""What one call has found of a provider is known to the next, which is another process; and costs no call anything."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.unit.voice.breaker.test_breaker import Clock

from insta_voice.voice.breaker import Breaker, InFiles

NAME = "api.openai.com gpt-realtime"
ANOTHER_CALL = """
import sys, time
from pathlib import Path
from insta_voice.voice.breaker import Breaker, InFiles
store = InFiles(Path(sys.argv[1]))
print([Breaker(name, store, clock=time.monotonic).admits() for name in sys.argv[2:]])
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


def call(directory: Path, clock: Clock) -> Breaker:
    """The breaker of a call, which has a store of its own over the same files."""
    return Breaker(NAME, InFiles(directory), clock=clock)


def test_what_one_call_has_found_is_known_to_the_next(tmp_path: Path, clock: Clock) -> None:
    first, second = call(tmp_path, clock), call(tmp_path, clock)
    first.failed()
    assert second.admits()
    second.failed()
    assert not call(tmp_path, clock).admits()
    assert call(tmp_path, clock).pause_left_s == 20
    clock.now_s += 21
    assert second.admits()
    second.succeeded()
    assert first.admits()
    first.failed()
    assert second.admits(), "its failures count anew"


def test_another_process_knows_it_too(tmp_path: Path) -> None:
    """Its clock is this one's: both count since the machine was started."""
    Breaker(NAME, InFiles(tmp_path), clock=time.monotonic).failed(hopeless=True)
    run = subprocess.run(
        [sys.executable, "-c", ANOTHER_CALL, str(tmp_path), NAME, "another"], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[False, True]"


def test_one_of_all_calls_tries_it_again(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed(hopeless=True)
    clock.now_s += 20
    calls = [call(tmp_path, clock) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(Breaker.admits, calls)) == 1
    clock.now_s += 10
    assert sum(breaker.admits() for breaker in calls) == 1, "who tried it has not said how that ended"


def test_who_asked_before_it_was_left_alone_makes_the_pause_no_longer(tmp_path: Path, clock: Clock) -> None:
    first, late, probe = (call(tmp_path, clock) for _ in range(3))
    first.failed(hopeless=True)
    late.failed()
    assert first.pause_left_s == 20
    clock.now_s += 20
    assert probe.admits()
    late.failed()
    probe.failed()
    assert first.pause_left_s == 40


def test_failures_that_lie_far_apart_are_not_in_a_row(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed()
    clock.now_s += 601
    call(tmp_path, clock).failed()
    assert call(tmp_path, clock).admits()


def test_what_another_run_of_the_machine_has_written_is_not_believed(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed(hopeless=True)
    clock.now_s = 30  # it counts from nought again
    assert call(tmp_path, clock).admits()


def test_who_starts_anew_holds_nothing_against_anybody(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed(hopeless=True)
    InFiles(tmp_path).forget()
    assert call(tmp_path, clock).admits()


def test_what_somebody_left_half_written_is_cleared_away(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed()
    (tmp_path / "half.new").write_text("{")
    InFiles(tmp_path).forget()
    assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_nothing_is_cleared_away_where_another_user_has_led_us(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "breakers"
    theirs.mkdir()
    (theirs / "accounts.json").write_text("{}")
    ours.symlink_to(theirs)
    InFiles(ours).forget()
    assert (theirs / "accounts.json").exists()


def test_what_others_may_have_written_is_not_believed(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed(hopeless=True)
    tmp_path.chmod(0o777)
    assert call(tmp_path, clock).pause_left_s == 0
    assert InFiles(tmp_path).all() == {}


def test_what_is_held_is_told_with_the_providers_name(tmp_path: Path, clock: Clock) -> None:
    call(tmp_path, clock).failed(hopeless=True)
    [(name, held)] = InFiles(tmp_path).all().items()
    assert (name, held.failures, held.pauses) == (NAME, 1, 1)


def _is_a_file(directory: Path) -> None:
    directory.write_text("")


def _is_written_by_others(directory: Path) -> None:
    call(directory, Clock()).failed(hopeless=True)
    directory.chmod(0o777)


def _has_directories_for_files(directory: Path) -> None:
    store = InFiles(directory)
    store._file(NAME).mkdir(parents=True)


@pytest.mark.parametrize("spoil", [_is_a_file, _is_written_by_others, _has_directories_for_files])
def test_without_files_a_call_knows_what_it_has_found_itself(spoil, tmp_path: Path, clock: Clock) -> None:
    directory = tmp_path / "breakers"
    spoil(directory)
    breaker = call(directory, clock)
    assert breaker.admits()
    breaker.failed(hopeless=True)
    assert not breaker.admits()
    assert call(directory, clock).admits()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", json.dumps({"provider": NAME, "failures": "many"})])
def test_a_file_that_says_nothing_holds_nothing_and_is_written_anew(text: str, tmp_path: Path, clock: Clock) -> None:
    breaker = call(tmp_path, clock)
    breaker.failed(hopeless=True)
    [file] = tmp_path.glob("*.json")
    file.write_text(text)
    assert breaker.admits()
    breaker.failed(hopeless=True)
    assert not call(tmp_path, clock).admits()


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """Somebody is changing something, and takes their time."""
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield tmp_path


def test_a_change_is_tried_again_in_a_moment(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        monkeypatch.setattr(time, "sleep", lambda wait_s: fcntl.flock(lock, fcntl.LOCK_UN) if wait_s else None)
        call(tmp_path, clock).failed(hopeless=True)
    assert not call(tmp_path, clock).admits()


def test_nobody_waits_for_who_is_changing_something(locked: Path, clock: Clock) -> None:
    breaker = call(locked, clock)
    breaker.failed(hopeless=True)
    assert breaker.admits(), "the failure could not be written down"


def test_files_are_for_this_user_alone(tmp_path: Path, clock: Clock) -> None:
    directory = tmp_path / "breakers"
    call(directory, clock).failed()
    assert os.stat(directory).st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.glob("*.json")} == {0o600}
