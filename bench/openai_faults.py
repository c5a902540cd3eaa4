"""What a caller hears when a provider fails, every provider, fault and moment, on a virtual clock: as a table.

`.venv/bin/python -m bench.openai_faults` prints it and writes it to bench/openai-faults.md.
"""

import logging
import sys
import tempfile
from pathlib import Path

from tests.support.provider_faults.judge import judge
from tests.support.provider_faults.play import play
from tests.support.provider_faults.rows import rows
from tests.support.provider_faults.table import line, table
from tests.support.virtual_clock import run_virtual

FILE = Path(__file__).with_name("openai-faults.md")
_ABOUT = (
    "# What a caller hears when a provider fails\n\n"
    "`python -m bench.openai_faults`, on the virtual clock, measured at the ear of a caller in memory. “After” counts "
    "from the moment the fault strikes, or from the silence it leaves, whichever is later; of a stall or a slow first "
    "byte, which nobody tells, from that silence. What the rows promise is said in "
    "`tests/unit/agent/test_openai_faults_table.py`.\n\n"
)


def main() -> int:
    logging.disable(logging.CRITICAL)  # the table says what went wrong
    lines, failed = [], 0
    with tempfile.TemporaryDirectory() as data_dir:
        for row in rows():
            verdict = judge(run_virtual(play(row, Path(data_dir))))
            failed += bool(verdict.wrong)
            lines.append(line(row, verdict))
            print(lines[-1], flush=True)
    FILE.write_text(f"{_ABOUT}{table(lines)}\n", "utf-8")
    print(f"{len(lines) - failed} of {len(lines)} rows hold; written to {FILE.name}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
