"""What `up` says of a machine that cannot run it, on real read-only and full disks and without a network."""

import errno
import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.support.stack import PREFIXES

from insta_voice.cli import main
from insta_voice.stack import machine
from insta_voice.stack.machine import directory_sentence, disk_sentence, machine_reasons, write_error_sentence

UP = f"{Path(sys.executable).parent / 'insta-voice'} up"


def up_in(namespace: str, script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """`script` as root of namespaces of its own, in which mounts and networks are the test's; `up` is its last word."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("mounts and networks of one's own take root and unshare(1)")
    tried = subprocess.run(["unshare", namespace, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no namespaces here: {tried.stderr.decode().strip()}")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return subprocess.run(
        ["unshare", namespace, "sh", "-ec", f"{script}\nexec {UP}"],
        env={**clean, "INSTA_DATA_DIR": str(folder / "data"), **env},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_read_only_directory_is_said(tmp_path: Path) -> None:
    ended = up_in("-m", f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}", tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert f"insta-voice: {tmp_path} is on a read-only disk. Set INSTA_DATA_DIR" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    ended = up_in("-m", f"mount -t tmpfs -o size=8m tmpfs {tmp_path}/data", tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert f"insta-voice: The disk of {tmp_path / 'data'} is full (8 MB free, 200 MB are needed)." in ended.stderr


def test_a_machine_with_nothing_but_loopback_is_told_what_to_do(tmp_path: Path) -> None:
    ended = up_in("-n", "ip link set lo up", tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert "insta-voice: This machine has no network interface but loopback" in ended.stderr
    assert "ip link add insta0 type dummy" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_what_it_is_told_to_do_helps(tmp_path: Path) -> None:
    """The commands of the sentence, and then a reason that comes later: a port in use by nobody we can see."""
    commands = machine.NO_INTERFACE.rpartition("dummy): ")[2]
    commands = (
        f"ip link add x type dummy 2>/dev/null && type=dummy || type=bridge\n{commands.replace('dummy', '$type')}"
    )
    ended = up_in("-n", f"ip link set lo up\n{commands}", tmp_path, INSTA_PORT="1", INSTA_HOST="203.0.113.1")
    assert ended.returncode == 1
    assert "loopback" not in ended.stderr
    assert "Port 1 is in use" in ended.stderr


def test_a_stolen_port_is_said(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as thief:
        port = thief.getsockname()[1]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
        env = {**clean, "INSTA_DATA_DIR": str(tmp_path / "data"), "INSTA_PORT": str(port)}
        ended = subprocess.run(UP.split(), env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert f"insta-voice: Port {port} is in use by" in ended.stderr
    assert "set INSTA_PORT to a free port" in ended.stderr


@contextmanager
def as_nobody() -> Iterator[None]:
    """This process without root's rights."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_directory_of_another_user_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:3]):  # pytest's own are closed to others
        folder.chmod(0o755)
    with as_nobody():
        sentence = directory_sentence(tmp_path / "data")
    if os.geteuid() != 0:
        assert sentence is None
        return
    assert sentence is not None
    assert sentence.startswith(f"{tmp_path} cannot be written by this user (Permission denied). Give it to")


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert directory_sentence(tmp_path / "data" / "deeper") == (
        f"INSTA_DATA_DIR is {tmp_path}/data/deeper, and {tmp_path}/data is a file. Name a directory."
    )


def test_a_machine_that_is_fit_has_no_reasons(tmp_path: Path) -> None:
    assert [reason for reason in machine_reasons(tmp_path / "new" / "data") if reason != machine.NO_INTERFACE] == []
    assert disk_sentence(tmp_path) is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full (/d/x)."),
        (errno.EROFS, "The disk is read-only (/d/x)."),
        (errno.EACCES, "(/d/x)"),
    ],
)
def test_an_error_of_writing_becomes_a_sentence(
    number: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/d/x")

    monkeypatch.setattr(sys.modules["insta_voice.cli.main"], "app", fail)
    with pytest.raises(SystemExit) as ended:
        main(["kb", "list"])
    assert ended.value.code == 1
    assert words in capsys.readouterr().err


def test_any_other_error_is_not_hidden() -> None:
    assert write_error_sentence(ConnectionResetError(errno.ECONNRESET, "reset")) is None
