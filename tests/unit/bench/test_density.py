"""What counts of a round of calls, how it is told, and what a recogniser hears that listens to nothing but the time."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from bench.density.call import Asked, Held
from bench.density.cost import CALLERS, IDLE, JOB, Cost
from bench.density.remote import ear, write_questions
from bench.density.run import Round
from bench.density.table import table
from bench.density.together import Together


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_what_is_asked_counts_once_everybody_has_a_call_or_has_none() -> None:
    clock = Clock()
    together = Together(3, 2, 70.0, clock=clock)
    together.joined()
    together.refused()
    together.asked(101.0)
    clock.now_s = 110.0
    assert not together.everybody.is_set()
    together.joined()
    assert (together.everybody.is_set(), together.from_s, together.here) == (True, 110.0, 2)
    for asked_s in (109.0, 111.0, 112.0, 113.0):  # the first was asked among fewer
        together.asked(asked_s)
    assert not together.over.is_set()
    clock.now_s = 120.0
    together.asked(114.0)
    assert (together.over.is_set(), together.until_s) == (True, 120.0)


def test_a_round_ends_when_its_time_is_over_or_nobody_is_left() -> None:
    clock = Clock()
    late, lost, refused = (Together(1, 5, 70.0, clock=clock) for _ in range(3))
    refused.refused()
    assert refused.over.is_set()
    late.joined()
    lost.joined()
    lost.left()
    assert lost.over.is_set()
    clock.now_s = 171.0
    late.asked(165.0)
    assert late.over.is_set()


def test_a_round_is_a_row_with_what_a_call_costs() -> None:
    held = [Held("a", greeted_after_ms=900), Held("b", greeted_after_ms=1_100, lost=True), Held(refused="full")]
    asked = [Asked(1.0, 500, False), Asked(2.0, 700, False), Asked(3.0, None, False), Asked(4.0, None, True)]
    used = {JOB: 0.5, "speech server": 0.3, CALLERS: 0.1, IDLE: 0.02}
    with_cost = Round(3, held, asked, 40.0, Cost(used, 0.25, 101.4, 1_046.0))
    *_, row, _, cores, reason = table([Round(1, held[2:], [], 0.0, None), with_cost]).splitlines()
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:6] == ["3", "2 / 1 / 1", "4", "600 / 690", "1 / 1", "1,000 / 1,100"]
    assert cells[6:] == ["25", "15", "0", "0", "0", "0", "5", "2", "0.92 / 0.25", "101 / 1,046"]
    assert cores.endswith("cores.")
    assert reason == "2 refused: full"


def _recording(*seconds_dbfs: tuple[float, float]) -> bytes:
    rate_hz, chance = 24_000, np.random.default_rng(seed=0)
    parts = [chance.normal(0, 32768 * 10 ** (dbfs / 20), int(rate_hz * seconds)) for seconds, dbfs in seconds_dbfs]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.concatenate(parts).astype("<i2").tobytes())
    return out.getvalue()


@pytest.mark.parametrize(("spoken_s", "heard"), [(0.5, "short"), (1.1, "short"), (1.9, "long"), (5.0, "long")])
async def test_a_question_is_heard_by_how_long_it_is(tmp_path: Path, spoken_s: float, heard: str) -> None:
    file = tmp_path / "questions.json"
    recording = _recording((0.4, -60), (spoken_s, -20), (0.5, -60))
    assert await ear(file)(recording) == "", "nobody knows the questions yet"
    write_questions(file, {"short": np.zeros(48_000, np.int16), "long": np.zeros(96_000, np.int16)})
    assert await ear(file)(recording) == heard
    assert await ear(file)(_recording((1.0, -60))) == ""
