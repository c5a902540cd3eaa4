"""The documents that are written from the code are what the code says now, and nothing that is said is missing."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from tests.support.settings import complete_settings, settings_from

from insta_voice.auth.safety import unsafe_reasons
from insta_voice.doctor.known import known_variables

ROOT = Path(__file__).parents[2]
WRITE = ROOT / "scripts" / "write_reference.py"
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(WRITE))


def test_the_configuration_reference_is_current(script: dict[str, Any]) -> None:
    assert (DOCS / "configuration.md").read_text() == script["configuration"](), f"run python {WRITE.name}"


def test_every_sentence_of_doctor_is_in_the_troubleshooting_page(script: dict[str, Any]) -> None:
    written = (DOCS / "troubleshooting.md").read_text()
    assert written == script["troubleshooting"](written), f"run python {WRITE.name}"


def test_every_setting_is_in_the_reference() -> None:
    written = (DOCS / "configuration.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", written, re.MULTILINE)) == set(known_variables())


def test_sentences_are_found_where_they_are_said(script: dict[str, Any], tmp_path: Path) -> None:
    module = tmp_path / "check.py"
    module.write_text(
        'PART = "p"\nMEND = f"Do {PART}."\n'
        "def check(name):\n"
        '    if name:\n        return problem(PART, f"{name} is wrong.", MEND)\n'
        '    sentence = "Kept."\n    return [warning("q", sentence, f"Try {name!r}.")]\n'
    )
    found = [(said.part, said.level, said.sentence, said.mend) for said in script["_said_in"](module)]
    assert found == [("p", "problem", "… is wrong.", "Do p."), ("q", "warning", "Kept.", "Try ….")]


# Settings that start nothing, and the sentences that were missing from the page that claimed to have every one.
REFUSED = {
    "COMPANY_ACCENT": "nearly blue",
    "COMPANY_LOGO": "http://acme.example/logo.png",
    "COMPANY_PRIVACY_URL": "acme.example",
    "WELCOME_MESSAGE": "Hello $customer.",
    "TICKET_WEBHOOK_URL": "desk.acme.example/tickets",
    "TICKET_WEBHOOK_SECRET": None,
    "SIGNUP": "domains",
}


def test_every_reason_not_to_start_is_in_the_troubleshooting_page() -> None:
    written = (DOCS / "troubleshooting.md").read_text()
    lines = re.findall("^- (.+)$", written.partition("<!-- refusals: begin -->")[2], re.MULTILINE)
    patterns = [re.escape(line.replace("\\", "")).replace("…", ".+") for line in lines]
    reasons = [*unsafe_reasons(complete_settings(**REFUSED)), *unsafe_reasons(settings_from({}))]
    for name in ("nothing", "package.json"):
        reasons += unsafe_reasons(complete_settings(COMPANY_LOGO=str(ROOT / "web" / name)))
    assert len(reasons) > len(REFUSED)
    assert [reason for reason in reasons if not any(re.fullmatch(pattern, reason) for pattern in patterns)] == []


def test_what_connect_quotes_is_what_doctor_says() -> None:
    """The sentences in docs/connect.md stand in the source, numbers and names aside."""
    source = "".join(path.read_text() for path in sorted((ROOT / "src/insta_voice/doctor").glob("*.py")))
    plain = re.sub(r'"\s*\n\s*f?"', "", source)
    plain = re.sub(r"\{[^}]*\}", "…", plain)
    quoted = re.findall(r"^> (?:ok|warning|problem) (?:\S+) (.+)$", (DOCS / "connect.md").read_text(), re.MULTILINE)
    table = re.findall(r"^\| ([^|]+?) \| [^|]+ \|$", (DOCS / "connect.md").read_text(), re.MULTILINE)
    assert len(quoted) > 10
    assert len(table) > 15
    for sentence in [*quoted, *(row for row in table if row not in ("doctor", "---"))]:
        pieces = [
            piece
            for piece in re.split(r"\(.*?\)|[\d.…]+|https://|gpt-[\w-]+|Google is|OPENAI_|^OpenAI ", sentence)
            if len(piece.split()) > 2
        ]
        assert all(piece.strip() in plain for piece in pieces), sentence
