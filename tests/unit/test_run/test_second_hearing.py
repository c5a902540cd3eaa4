"""Which failed tests are run again alone, and what is said of them."""

import sys
from pathlib import Path
from typing import Any

import pytest
from lanes import Result, run_phase
from phases import Phase
from second_hearing import AT_MOST, failed_tests, forget, hear_again

MISHEARD_ONCE = """
import pathlib
import pytest

@pytest.mark.parametrize("one", range({failing}))
def test_heard(one):
    mark = pathlib.Path(__file__).with_name(f"mark-{{one}}")
    if {once} and mark.exists():
        return
    mark.touch()
    raise AssertionError("misheard")

def test_well():
    assert not pathlib.Path(__file__).with_name("again").exists(), "what passed is not run again"
    pathlib.Path(__file__).with_name("again").touch()
"""
ALONE, TOO = "passed alone, and failed beside the others", "failed alone too"


def run(folder: Path, *, failing: int, once: bool = True, in_real_time: bool = True) -> Result:
    """The result of a phase whose tests fail the first time, or ever."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(MISHEARD_ONCE.format(failing=failing, once=once))
    cache = folder / "cache"
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", "-o", f"cache_dir={cache}", "test_it.py")
    phase = Phase("calls", command, cwd=folder, cache=cache if in_real_time else None)
    forget(phase)
    return run_phase(phase)[0]


@pytest.mark.parametrize(("once", "how"), [(True, ALONE), (False, TOO)])
def test_the_failed_ones_are_run_alone_and_the_run_has_failed_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], once: bool, how: str
) -> None:
    result = run(tmp_path, failing=2, once=once)
    hear_again([result])
    said = capsys.readouterr().out
    assert "── test_it.py::test_heard[0], test_it.py::test_heard[1]\n" in said
    assert how in said
    assert not result.passed


@pytest.mark.parametrize("many", [{"failing": AT_MOST + 1}, {"failing": 1, "in_real_time": False}])
def test_neither_many_nor_what_only_computes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], many: dict[str, Any]
) -> None:
    hear_again([run(tmp_path, **many)])
    assert capsys.readouterr().out == ""


def test_what_an_earlier_run_wrote_down_is_forgotten(tmp_path: Path) -> None:
    phase = run(tmp_path, failing=1).phase
    assert failed_tests(phase)
    forget(phase)
    assert failed_tests(phase) == []
