"""The stack under fire: what a caller notices when a part is killed, or hangs for 20 s, at every moment of a call.

`make test` lives through every part once; `make fire` through all 64 rows, and `up` itself. The table says for each
row, in seconds: when something was heard and seen, the longest silence that nothing explained, what became of the
call, when its question was answered, when the stack was whole again, and how long the next call rang.
"""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from tests.support.fire.chain import live_through_all
from tests.support.fire.faults import a_few_cells, every_cell
from tests.support.fire.person import Person, utterances
from tests.support.fire.rows import Row, shortcomings_of_record, turns
from tests.support.fire.table import HEAD, line, table
from tests.support.fire.verdict import shortcomings
from tests.support.poll import eventually
from tests.support.processes import alive
from tests.support.stack import RunningStack, start_stack
from tests.support.whole_stack import ONE_CALLS_OFTEN

SEED = 22  # stops the speech server, which is the hardest, and has every moment
# Other tests may use the machine at the same time as the sample: a promised time may double there.
SAMPLE_TIMES = 2.0
STOPPED_IN_SAMPLE = 1  # of eight parts: a stop takes 20 s
UP_TO_SEVERAL_HOURS_S = 3 * 3600.0


@pytest.mark.timeout(UP_TO_SEVERAL_HOURS_S)
async def test_a_caller_lives_through_every_fault(stack: RunningStack, request: pytest.FixtureRequest) -> None:
    seed = request.config.getoption("--seed", SEED)
    seed = SEED if seed is None else seed
    whole = request.config.getoption("--whole", False)
    times = 1.0 if whole else SAMPLE_TIMES
    cells = every_cell(seed) if whole else a_few_cells(seed, stopped=STOPPED_IN_SAMPLE)
    file: Path | None = request.config.getoption("--table", None)
    done: list[Row] = []

    def on_row(row: Row) -> None:
        print(line(row), flush=True)
        done.append(row)
        if file is not None:
            _write(file, seed, done, times)

    print(f"\nseed {seed}, {len(cells)} rows\n{HEAD}", flush=True)
    rows = await live_through_all(stack, cells, on_row)
    if file is not None:
        _write(file, seed, rows, times)
    assert [f"{row.cell}: {'; '.join(wrong)}" for row in rows if (wrong := shortcomings(row, times=times))] == []


def _write(file: Path, seed: int, rows: list[Row], times: float) -> None:
    bad = sum(bool(shortcomings(row, times=times)) for row in rows)
    file.write_text(
        f"# The stack under fire\n\n`make fire ARGS='--seed {seed}'` on {os.cpu_count()} cores, the load of the last "
        f"15 minutes {os.getloadavg()[2]:.1f}; {len(rows) - bad} of {len(rows)} rows hold. Seconds; what each column "
        f"means is said in `tests/e2e/test_fire.py`.\n\n{table(rows)}\n"
    )


@pytest.mark.timeout(600)
async def test_the_next_up_recovers_alone_from_a_killed_one(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """kill -9 of `up` during a call: nothing it started is left, and what had been said is still there."""
    if not request.config.getoption("--whole", False):
        pytest.skip("with small parts in test_supervisor.py; with the real ones in `make fire`")
    data_dir = tmp_path / "data"
    with start_stack(data_dir, env=ONE_CALLS_OFTEN) as first:
        first.wait_ready()
        person = Person(first, await utterances(first))
        await person.sign_in()
        await person.call()
        await person.listens()
        assert await person.asks() is not None
        call_id = person.call_id
        eventually(lambda: len(turns(first, call_id)) >= 3, within_s=20, what="greeting, question and answer written")
        said = turns(first, call_id)
        tree = first.processes()
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        began = time.monotonic()
        with start_stack(data_dir, env=ONE_CALLS_OFTEN) as second:
            second.wait_ready()
            print(f"the next `up` was ready after {time.monotonic() - began:.1f} s")
            assert _of_the_first(tree) == []
            kept = turns(second, call_id)
            assert {number: kept.get(number) for number in said} == said
            await person.close()
            person = Person(second, person.utterances)
            await person.sign_in()
            print(f"the next call was heard after {await person.call():.1f} s")
            await person.close()
            eventually(
                lambda: not shortcomings_of_record(second, call_id), within_s=90, what="the record of the call cut off"
            )


def _of_the_first(tree: list[psutil.Process]) -> list[psutil.Process]:
    return alive(tree)
