"""Which failed tests are heard again alone, and what becomes of the run."""

import sys
from pathlib import Path

import pytest
from lanes import Result, run_phase
from phases import Phase
from second_hearing import AT_MOST, failed_tests, forget, hear_again

PASSES_THE_SECOND_TIME = """
import pathlib
import pytest

@pytest.mark.parametrize("one", range({tests}))
def test_heard(one):
    mark = pathlib.Path(__file__).with_name(f"mark-{{one}}")
    if {ever} and mark.exists():
        return
    mark.touch()
    raise AssertionError("misheard")

def test_well():
    assert not pathlib.Path(__file__).with_name("again").exists(), "what passed is not run again"
    pathlib.Path(__file__).with_name("again").touch()
"""


def the_phase(folder: Path, *, failing: int, ever: bool = True, in_real_time: bool = True) -> Phase:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(PASSES_THE_SECOND_TIME.format(tests=failing, ever=ever))
    cache = folder / "cache"
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", "-o", f"cache_dir={cache}", "test_it.py")
    return Phase("calls", command, cwd=folder, cache=cache if in_real_time else None)


def run(phase: Phase) -> tuple[list[Result], list[str]]:
    forget(phase)
    return hear_again([run_phase(phase)[0]])


def test_what_passes_alone_is_named_and_fails_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results, passed_alone = run(the_phase(tmp_path, failing=2))
    assert [result.passed for result in results] == [True]
    assert passed_alone == ["test_it.py::test_heard[0]", "test_it.py::test_heard[1]"]
    assert "alone: test_it.py::test_heard[0]" in capsys.readouterr().out


def test_what_fails_again_fails_the_run(tmp_path: Path) -> None:
    results, passed_alone = run(the_phase(tmp_path, failing=1, ever=False))
    assert ([result.passed for result in results], passed_alone) == ([False], [])


def test_many_failures_are_no_chance(tmp_path: Path) -> None:
    results, passed_alone = run(the_phase(tmp_path, failing=AT_MOST + 1))
    assert ([result.passed for result in results], passed_alone) == ([False], [])


def test_what_only_computes_is_not_heard_again(tmp_path: Path) -> None:
    results, passed_alone = run(the_phase(tmp_path, failing=1, in_real_time=False))
    assert ([result.passed for result in results], passed_alone) == ([False], [])


def test_a_phase_that_did_not_get_to_its_tests_has_failed(tmp_path: Path) -> None:
    phase = the_phase(tmp_path, failing=1)
    (tmp_path / "test_it.py").unlink()
    results, passed_alone = run(phase)
    assert ([result.passed for result in results], passed_alone) == ([False], [])


def test_what_an_earlier_run_wrote_down_is_forgotten(tmp_path: Path) -> None:
    phase = the_phase(tmp_path, failing=1)
    run_phase(phase)
    assert failed_tests(phase)
    forget(phase)
    assert failed_tests(phase) == []
