"""The tables say what happened in each kind, and name what went wrong."""

from pathlib import Path

from bench.turn_taking.case import Case
from bench.turn_taking.drive import Trace
from bench.turn_taking.kept import Kept, key_of
from bench.turn_taking.outcome import Outcome, outcome
from bench.turn_taking.plan import Must, Plan
from bench.turn_taking.report import milliseconds, share, tables, timeline

from insta_voice.agent.turns.ports import BargeIn, Ended


def _played(must: Must, sort: str, *events: tuple[float, BargeIn | Ended]) -> tuple[Case, Trace, Outcome]:
    case = Case(Plan("case-00", "kind", sort, must, "1", "Okay."), bytes(2), 1.0, 2.0)
    trace = Trace(events=list(events))
    return case, trace, outcome(case, trace)


def test_a_share_is_a_count_with_its_interval() -> None:
    assert share([True, False, False, False]) == "1 (5 to 70 %)"
    assert milliseconds([0.2, None, 0.4]) == "300 / 390"
    assert milliseconds([None]) == "–"


def test_of_what_is_to_be_let_pass_only_the_sorts_that_were_not_are_named() -> None:
    played = [
        _played(Must.LET_BE, "cough"),
        _played(Must.LET_BE, "music", (1.5, BargeIn("you"))),
        _played(Must.BE_NO_TURN, "door", (2.5, Ended("you", "you"))),
    ]
    lines = list(tables([result for _, _, result in played]))
    assert lines[2:] == [
        "| kind | 3 | 1 (6 to 79 %) | 1 (6 to 79 %) |",
        "| – music | 1 | 1 (21 to 100 %) | 0 (0 to 79 %) |",
        "| – door | 1 | 0 (0 to 79 %) | 1 (21 to 100 %) |",
    ]


def test_turns_are_counted_by_kind_and_together() -> None:
    _, _, result = _played(Must.END_ONCE, "", (2.3, Ended("Okay", "Okay")))
    lines = list(tables([result, result]))
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| kind", "| together"]
    assert "| 2 | 2 (34 to 100 %) | 0 (0 to 66 %) |" in lines[2]
    assert "| 300 / 300 |" in lines[2]


def test_a_timeline_is_in_order() -> None:
    case, trace, result = _played(Must.END_ONCE, "", (2.3, Ended("Okay", "Okay")))
    trace.notes.append((1.5, "partial"))
    lines = list(timeline(case, trace, result))
    assert "case-00" in lines[0]
    assert [float(line.split()[0]) for line in lines[1:]] == [1.0, 1.5, 2.0, 2.3]


def test_what_is_kept_is_there_in_the_next_run(tmp_path: Path) -> None:
    key = key_of("words", b"sound")
    Kept(tmp_path).put_json(key, ["okay", 0.9])
    assert Kept(tmp_path).get_json(key) == ["okay", 0.9]
    assert Kept(tmp_path).get(key_of("word", b"ssound")) is None
    assert Kept(None).get(key) is None
