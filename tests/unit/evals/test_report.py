"""The report: a line a conversation, what is missing below it, and the same for programs."""

import io
from dataclasses import replace

from rich.console import Console
from tests.support.held_conversations import answered, held

from insta_voice.evals.grade import shortcomings
from insta_voice.evals.held import Held, NoOpinion, Opinion
from insta_voice.evals.report import as_json, print_held, print_total

PASSED = held(answered("Choose Forgot password.", "Reset your password"))
FAILED = held(answered("[red]Hello.\x1b[2J"), {"says": ["link"]})


def printed(*runs: Held, transcript: bool = False) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    for run in runs:
        print_held(console, run, transcript=transcript)
    print_total(console, "local", runs)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_each_conversation_is_a_line_and_those_that_fail_say_why() -> None:
    lines = printed(PASSED, FAILED)
    assert lines[0].split() == ["passed", "one", "1", "lines", "0.0", "s"]
    assert lines[1].split()[:2] == ["failed", "one"]
    assert "/link/ was not said" in lines[2]
    assert lines[-1] == "1 of 2 passed in mode local, 0 s"


def test_what_was_said_commands_neither_terminal_nor_console() -> None:
    text = "\n".join(printed(FAILED, transcript=True))
    assert "\x1b" not in text
    assert text.count("[red]Hello.") == 2


def test_the_transcript_has_who_said_what_from_where() -> None:
    lines = [line.split() for line in printed(PASSED, transcript=True)]
    assert ["assistant", "Choose", "Forgot", "password."] in lines
    assert ["source", "Reset", "your", "password"] in lines


def test_a_program_reads_the_same() -> None:
    read = as_json("local", [PASSED, FAILED])
    assert (read["mode"], read["passed"]) == ("local", False)
    first, second = read["conversations"]
    assert (first["passed"], first["missing"]) == (True, [])
    assert (second["passed"], len(second["missing"])) == (False, 1)
    [call] = first["calls"]
    assert call["turns"][1] == {
        "speaker": "assistant",
        "said": "Choose Forgot password.",
        "kind": "answer",
        "mind": "grounded",
        "sources": ["Reset your password"],
    }


def test_a_judges_opinion_stands_beside_the_grade_and_changes_nothing_of_it() -> None:
    thought = Opinion(helpful=2, kind=4, spoken=5, why="[red]\x1b[2J")
    judged = [replace(FAILED, opinion=opinion) for opinion in (thought, NoOpinion("no"))]
    assert [shortcomings(one) for one in judged] == [shortcomings(FAILED)] * 2
    lines = printed(*judged)
    assert sum("judge     helpful 2, kind 4, spoken 5 of 5: [red]" in line for line in lines) == 1
    assert "the judge of 1: helpful 2.0, kind 4.0, spoken 5.0 of 5; nothing passes by it" in lines
    assert "\x1b" not in "".join(lines)
    first, second = as_json("local", judged)["conversations"]
    assert first["judge"]["helpful"] == 2
    assert second["judge"] == {"why": "no"}
    assert as_json("local", [FAILED])["conversations"][0]["judge"] is None
