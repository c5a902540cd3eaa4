"""A command named in a sentence can be typed as it stands: after `make run` it is in no PATH."""

import shutil
import sys
from pathlib import Path

import pytest

from insta_voice.command import command


def called(monkeypatch: pytest.MonkeyPatch, as_what: str, path: str = "/usr/bin") -> str:
    monkeypatch.setattr(sys, "argv", [as_what, "doctor"])
    monkeypatch.setenv("PATH", path)
    return command("users list")


@pytest.mark.parametrize(
    ("as_what", "said"),
    [
        (".venv/bin/insta-voice", ".venv/bin/insta-voice users list"),
        ("/opt/insta voice/bin/insta-voice", "'/opt/insta voice/bin/insta-voice' users list"),
        ("insta-voice", "insta-voice users list"),
        ("-c", "insta-voice users list"),
        ("/usr/lib/python3/pytest/__main__.py", "insta-voice users list"),
    ],
)
def test_it_is_named_as_it_was_called(monkeypatch: pytest.MonkeyPatch, as_what: str, said: str) -> None:
    assert called(monkeypatch, as_what) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("reset", "reset"),
        (12, "12"),
        ("billing/pay late", "'billing/pay late'"),
        ("https://a.example/help?id=1&page=2", "'https://a.example/help?id=1&page=2'"),
        ("it's $HOME", """'it'"'"'s $HOME'"""),
    ],
)
def test_an_id_reaches_the_command_whole(monkeypatch: pytest.MonkeyPatch, value: object, said: str) -> None:
    monkeypatch.setattr(sys, "argv", ["insta-voice"])
    assert command("kb show", value) == f"insta-voice kb show {said}"


def test_what_the_shell_found_is_named_without_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "insta-voice"
    script.write_text("")
    script.chmod(0o755)
    assert called(monkeypatch, str(script), path=str(tmp_path)) == "insta-voice users list"
    assert shutil.which("insta-voice") == str(script)
    assert called(monkeypatch, str(script)) == f"{script} users list"
