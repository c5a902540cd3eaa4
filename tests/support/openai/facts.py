"""The tables of docs/openai-faults.md, which tests hold against what happens."""

from pathlib import Path

from tests.support.openai.faults import Cut, Expired, Fault, Late, Malformed, Overlap, Stall
from tests.support.openai.refusals import BROKEN, NO_QUOTA, UNAUTHORIZED, Failed, rate_limited

DOCUMENT = Path(__file__).parents[3] / "docs" / "openai-faults.md"
TEXT = "It is sunny today, and warm."
FAULTS: dict[str, Fault] = {
    "slow first byte": Late(),
    "stall in mid-sentence": Stall(),
    "401": UNAUTHORIZED,
    "429 with Retry-After": rate_limited(),
    "429, no quota": NO_QUOTA,
    "500": BROKEN,
    "cut before the first word": Cut(0),
    "cut in mid-sentence": Cut(),
    "malformed event": Malformed(),
}
REALTIME_FAULTS: dict[str, Fault] = {
    "session expired": Expired(),
    "overlap": Overlap(),
    "failed in mid-sentence": Failed(),
    "no quota in mid-sentence": Failed(NO_QUOTA),
}


def rows(section: str) -> list[list[str]]:
    """The cells of the table under the heading `section`, without its head."""
    text = DOCUMENT.read_text("utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
