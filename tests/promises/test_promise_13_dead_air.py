"""Promise 13 in local mode: no part that fails or stalls leaves the caller in dead air, at no moment of a call.

Measured on the sound that leaves the call, on the virtual clock. What fails and says so is told of within 1.5 s of the
caller's last sound; nothing leaves more than 4 s of silence, or 6 s after "one moment, please"; and each question is
answered in the end, or the caller is told who will help. With `-s` the table is printed.
"""

from pathlib import Path

import pytest
from tests.support.local_faults.judge import judge, line
from tests.support.local_faults.play import play
from tests.support.local_faults.rows import Row, rows
from tests.support.virtual_clock import run_virtual


@pytest.fixture(scope="module")
def spoken_ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all rows keep the app's own sentences."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("row", [*rows()], ids=str)
def test_the_caller_hears_something_and_gets_an_answer_or_a_person(row: Row, spoken_ahead: Path) -> None:
    played = run_virtual(play(row, spoken_ahead))
    verdict = judge(played)
    print(line(played, verdict))
    assert verdict.wrong == []
