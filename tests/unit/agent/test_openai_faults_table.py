"""Every provider of a call, each fault it can have, at each moment: what the caller hears of it, at their own ear.

After each something meaningful is heard at most 1.5 s after the fault shows, silence never passes 4 s, the next
question is answered by a mind that knows what was said, and the record says who spoke each turn and what was heard of
it. `python -m bench.openai_faults` writes the whole table; with `-s` it is printed here.
"""

from pathlib import Path

import pytest
from tests.support.memory_call import legible
from tests.support.provider_faults.judge import judge
from tests.support.provider_faults.play import play
from tests.support.provider_faults.rows import Row, rows
from tests.support.provider_faults.table import line
from tests.support.virtual_clock import run_virtual


@pytest.fixture(scope="module")
def spoken_ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all rows keep the app's own sentences."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("row", rows(), ids=str)
def test_the_caller_hears_of_it_and_goes_on(row: Row, spoken_ahead: Path) -> None:
    verdict = judge(run_virtual(play(row, spoken_ahead)))
    print(line(row, verdict))
    assert verdict.wrong == ()


@pytest.mark.parametrize("sample_rate", [16_000, 24_000])
def test_what_is_said_can_be_read_from_its_sound(sample_rate: int) -> None:
    said = "Hello, I will call back in 2 minutes."
    letters = [*legible.read(legible.say(said, sample_rate), sample_rate)]
    assert "".join(letter.text for letter in letters) == said
    assert letters[-1].ends_s == pytest.approx(len(said) * 0.06)
