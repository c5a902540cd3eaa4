"""Wrong usage of the command line is one sentence that says what was wrong and where to look, and exit code 2."""

from io import StringIO
from pathlib import Path

import pytest

from insta_voice.cli import main


@pytest.mark.parametrize(
    ("arguments", "wrong", "look"),
    [
        (["kb", "search", "--k", "99", "hello"], "Invalid value for '--k'", "insta-voice kb search --help"),
        (["kb", "search", "--k", "many", "hello"], "Invalid value for '--k'", "insta-voice kb search --help"),
        (["kb", "search", "--kk", "3", "hello"], "No such option: --kk", "insta-voice kb search --help"),
        (["kb", "ingest"], "Missing argument", "insta-voice kb ingest --help"),
        (["calls", "list", "all", "of", "them"], "Got unexpected extra argument", "insta-voice calls list --help"),
        (["kb", "find"], "No such command 'find'", "insta-voice kb --help"),
        (["find"], "No such command 'find'", "insta-voice --help"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str], wrong: str, look: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"insta-voice: {wrong}")
    assert f"`{look}`" in said
    assert said.count("\n") == 1


def test_a_question_that_is_not_answered_changes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(SystemExit) as ended:
        main(["init"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "\ninsta-voice: Nothing was done.\n"
    assert list(tmp_path.iterdir()) == []


def test_no_arguments_show_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    assert "Examine every setting and part." in capsys.readouterr().out
