"""Everything wrong in a scenario's file is said before anything is held, a sentence each with its place."""

from pathlib import Path

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.evals.reading import read_scenarios

SCENARIO = """
about: A question is answered.
persona: Maya, in a hurry.
caller: {name: Maya}
calls:
  - opening: {say: Hello}
"""
ROOT = Path(__file__).parents[3]


def write(directory: Path, text: str, name: str = "one.yaml") -> Path:
    file = directory / name
    file.write_text(text, "utf-8")
    return file


def complaints(*paths: Path) -> list[str]:
    with pytest.raises(InvalidInputError) as raised:
        read_scenarios(paths)
    return raised.value.message.splitlines()


def test_a_scenario_is_named_after_its_file_and_ends_its_call_by_itself(tmp_path: Path) -> None:
    [scenario] = read_scenarios([write(tmp_path, SCENARIO)])
    assert (scenario.name, scenario.caller.plan, scenario.tickets) == ("one", "free", 0)
    assert scenario.calls[0].opening.say == "Hello"
    assert scenario.calls[0].closing


def test_a_folder_gives_its_scenarios_in_order(tmp_path: Path) -> None:
    write(tmp_path, SCENARIO, "b.yaml")
    write(tmp_path, SCENARIO, "a.yaml")
    write(tmp_path, "no scenario", "notes.txt")
    assert [scenario.name for scenario in read_scenarios([tmp_path])] == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("about: A question is answered.\n", "", "about is missing."),
        ("{say: Hello}", "{}", "calls 1, opening, say is missing."),
        ("  - opening: {say: Hello}\n", "  []\n", "calls has to have an entry."),
        ("persona:", "person: a\npersona:", "person is no name that a scenario has here."),
        ("{name: Maya}", "Maya", "caller has to hold names and values."),
        ("{say: Hello}", "{say: [1]}", "calls 1, opening, say has to be text."),
        ("caller:", "tickets: -1\ncaller:", "tickets has to be at least 0."),
        ("caller:", "tickets: some\ncaller:", "tickets has to be a whole number."),
        ("caller:", "can_leave_tickets: perhaps\ncaller:", "can_leave_tickets has to be true or false."),
        ("  - opening", "  - greeting: hello\n    opening", "calls 1, greeting has to be a list."),
        (
            "  - opening",
            "  - never: ['(']\n    opening",
            "calls 1, never 1: “(” is no regular expression: missing ), unterminated subpattern at position 0.",
        ),
        ("caller:", "end: [{that: a, sql: select 1}]\ncaller:", "end 1: give either `is` or `matches`."),
        ("caller:", "end: [{that: a, sql: b, is: 1, matches: c}]\ncaller:", "end 1: give either `is` or `matches`."),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    file = write(tmp_path, SCENARIO.replace(before, after))
    assert complaints(file) == [f"{file}: {sentence}"]


def test_an_empty_answer_of_the_database_may_be_expected(tmp_path: Path) -> None:
    file = write(tmp_path, SCENARIO + "end: [{that: a, sql: select 1, is: null}]")
    assert read_scenarios([file])[0].end[0].equals is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("about: [a", ", line 1: expected ',' or ']', but got '<stream end>'."),
        ("just words", ": a scenario has to hold names and values."),
        ("", ": a scenario has to hold names and values."),
    ],
)
def test_a_file_that_is_no_scenario_is_said_to_be_none(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)
    assert complaints(file) == [f"{file}{said}"]


def test_a_file_that_is_not_there_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    away = tmp_path / "none.yaml"
    assert complaints(away) == [f"There is no {away}. Name a scenario, or a folder of them."]
    assert complaints(tmp_path) == [f"There is no scenario in {tmp_path}: it has no .yaml file."]


def test_everything_wrong_in_every_file_is_said_at_once(tmp_path: Path) -> None:
    first = write(tmp_path, SCENARIO.replace("about:", "abaut:"), "a.yaml")
    write(tmp_path, "[", "b.yaml")
    said = complaints(tmp_path)
    assert {line.split(": ")[1] for line in said if line.startswith(str(first))} == {
        "about is missing.",
        "abaut is no name that a scenario has here.",
    }
    assert len(said) == 3


def test_the_demo_company_has_twenty_one() -> None:
    assert len(read_scenarios([ROOT / "evals"])) == 21
