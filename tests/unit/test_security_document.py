"""docs/security.md names where each threat is tested: those tests are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
THREATS = [line for line in DOCUMENT.split("## Threats")[1].split("\n## ")[0].splitlines() if line.startswith("|")][2:]
PROMISES = ROOT / "tests" / "promises"


def test_each_threat_names_its_tests_and_they_are_there() -> None:
    assert len(THREATS) >= 12
    for threat in THREATS:
        tests = threat.strip("| ").rpartition("|")[2]
        paths = re.findall(r"`(tests/[\w/.]+)`", tests)
        numbers = re.findall(r"(?<![\w/])(\d\d)(?: `(\w+)`)?", re.sub(r"`tests/[^`]+`", "", tests))
        assert paths or numbers, threat
        for path in paths:
            assert (ROOT / path).exists(), path
        for number, name in numbers:
            assert list(PROMISES.glob(f"test_promise_{number}_{name or ''}*.py")), (number, name)
