"""Set-up's prerequisites: a missing one is one sentence with the command that mends it."""

from pathlib import Path

import livekit_server
import node_packages
import pytest
import setup_run
import system_packages
import tools
from graph import Step, StepFailedError
from setup_run import TO_TEST, run


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("LIVEKIT_URL", "LIVEKIT_SERVER_BINARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(livekit_server, "BINARY", tmp_path / "no" / "livekit-server")
    monkeypatch.setattr(livekit_server, "ROOT", tmp_path)
    return tmp_path


def program(folder: Path, name: str, does: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n")
    (folder / name).chmod(0o755)


def test_no_node(bare: Path) -> None:
    with pytest.raises(StepFailedError, match=r"Node.js 20.19 or newer is needed.*`apt install nodejs npm`"):
        node_packages.check_node()


def test_an_old_node(bare: Path) -> None:
    program(bare, "npm", "true")
    program(bare, "node", "echo v18.20.4")
    with pytest.raises(StepFailedError, match=r"is v18.20.4"):
        node_packages.check_node()


def test_a_new_node(bare: Path) -> None:
    program(bare, "npm", "true")
    program(bare, "node", "echo v22.1.0")
    node_packages.check_node()


def test_neither_go_nor_livekit_server(bare: Path) -> None:
    with pytest.raises(StepFailedError, match=r"there is no Go to build it with.*`brew install livekit`"):
        livekit_server.bring_livekit_server()


def test_a_livekit_server_on_the_path_is_enough(bare: Path) -> None:
    program(bare, "livekit-server", "true")
    assert livekit_server.bring_livekit_server() is None


def test_a_livekit_server_elsewhere_is_enough(bare: Path) -> None:
    (bare / ".env").write_text("LIVEKIT_URL='wss://example.livekit.cloud'\n")
    assert livekit_server.bring_livekit_server() is None


def test_a_named_binary_that_is_not_there(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVEKIT_SERVER_BINARY", str(bare / "nope"))
    with pytest.raises(StepFailedError, match="there is no such file"):
        livekit_server.bring_livekit_server()


def test_a_failed_build_shows_its_last_lines(bare: Path) -> None:
    program(bare, "go", "echo cannot fetch; exit 1")
    with pytest.raises(StepFailedError, match="could not be built") as failure:
        livekit_server.bring_livekit_server()
    assert failure.value.output == "cannot fetch"


def test_a_built_server_gets_its_name(bare: Path) -> None:
    program(bare, "go", 'echo built > "$GOBIN/server"')
    assert livekit_server.bring_livekit_server() == "v1.13.5 built"
    assert livekit_server.BINARY.read_text() == "built\n"


def test_test_programs_without_apt(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "DAEMONS", str(bare))
    with pytest.raises(StepFailedError, match="The tests need chromium and pgbouncer"):
        system_packages.bring_system_packages()


def test_a_stamp_is_fresh_until_an_input_changes_or_an_output_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    lock, output = tmp_path / "lock", tmp_path / "output"
    lock.write_text("1")
    output.touch()

    def stamp() -> tools.Stamp:
        return tools.Stamp("it", tools.fingerprint([lock]), [output])

    assert not stamp().fresh()
    stamp().write()
    assert stamp().fresh()
    lock.write_text("2")
    assert not stamp().fresh()
    stamp().write()
    output.unlink()
    assert not stamp().fresh()


def test_the_steps_fit_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert {name for step in TO_TEST for name in step.after} <= {step.name for step in TO_TEST}
    assert run(["fly"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_first_time_says_at_once_what_comes_and_that_it_takes_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup_run, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(setup_run, "TO_RUN", (Step("uv", lambda: None), Step("web page", lambda: None)))
    assert run(["run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Bringing uv, web page: this first time takes some minutes, later ones a moment."
    (tmp_path / "stamps").mkdir()
    assert run(["run"]) == 0
    assert "first time" not in capsys.readouterr().out
