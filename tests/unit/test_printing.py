"""Rows as commands print them: a table for people, of which no id is cut, and lines with tabs for programs."""

from collections.abc import Callable

import pytest

from insta_voice.cli.printing import print_rows

COLUMNS = ("id", "title", "updated")
ID = "https://help.example.com/en/articles/how-to-reset-a-password"
ROWS = [
    (ID, "How to reset the password of an account", "2026-11-27"),
    ("b", "[bold]B[/]\n\x9b2J", "2026-11-28"),
    ("short", "Without a day"),
]


def test_a_program_gets_lines_with_tabs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    print_rows(COLUMNS, ROWS, whole=["id"], for_people=["updated"])
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}\tHow to reset the password of an account",
        "b\t[bold]B[/] 2J",
        "short\tWithout a day",
    ]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes the standard output a terminal of this width, which is told no colours."""

    def of_width(columns: int) -> None:
        for name, value in (("FORCE_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", str(columns)), ("LINES", "25")):
            monkeypatch.setenv(name, value)

    return of_width


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_id_is_cut_in_a_table(
    width: int, terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(width)
    print_rows(COLUMNS, ROWS, whole=["id"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.split()[:1] == [ID]]
    assert "…" not in "".join(lines)
    told = "".join("".join(lines).split())
    for word in ("password", "2026-11-27", "[bold]B[/]", "2J"):
        assert word in told


def test_a_table_is_as_wide_as_the_terminal(
    terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(40)
    print_rows(COLUMNS, [("reset-password", "How to reset the password of an account", "2026-11-27")], whole=["id"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert len(lines) > 2, "the title is wrapped"
