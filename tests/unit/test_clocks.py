"""Setting the machine's clock ends no call and kills no part: what is waited for and counted goes by the monotonic
clock or the database's. Who asks for the time of day is named here, with what for.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "insta_voice"

TIME_OF_DAY = {
    "agent/record/recorder.py": "when a turn was said, for whoever reads the record",
    "agent/speech/playout.py": "when a voice began, as LiveKit counts it",
    "auth/identity.py": "whether a sign-in has expired",
    "calls/delivery.py": "the time that is signed in a webhook",
    "customers/accounts/endpoint.py": "the same",
    "cli/gaps.py": "how heavy a gap weighs, which halves with the days",
    "cli/kb/closed_gaps.py": "the same",
    "cli/kb/history.py": "the same",
    "cli/init.py": "the name of a copy",
    "db/backup.py": "the date of a backup",
    "doctor/record.py": "compared with the database's",
    "doctor/tokens.py": "compared with Google's",
    "jobs/app.py": "which calls are older than they may be, in days",
    "knowledge/retry_after.py": "how far off the date is that a provider names",
    "knowledge/validity.py": "which day it is in UTC, by which articles are heard",
    "privacy/export.py": "the date of an export",
}


def test_nobody_else_asks_for_the_time_of_day() -> None:
    asked = {
        module.relative_to(SOURCE).as_posix()
        for module in SOURCE.rglob("*.py")
        if any(_asks(ast.parse(module.read_text(encoding="utf-8"))))
    }
    assert asked == set(TIME_OF_DAY)


def _asks(tree: ast.Module) -> Iterator[bool]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node) in {
                "time.time",
                "time.time_ns",
                "datetime.now",
                "datetime.utcnow",
                "datetime.today",
                "date.today",
            }
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield any(alias.name in {"time", "time_ns"} for alias in node.names)
