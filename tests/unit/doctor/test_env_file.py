"""Answers are written into `.env` without losing what a person wrote there, and read back as they were given."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from insta_voice.doctor.env_file import merged, write
from insta_voice.doctor.known import read_env_file

NOW = datetime(2026, 11, 22, 19, 3, 5, tzinfo=UTC)

TEXT = """# mine
export OLD_NAME=kept   # a remark
COMPANY_NAME=Acme
COMPANY_NAME = Acme again
VOICE_MODE=local"""


def test_what_was_there_stays_as_it_was_written() -> None:
    text = merged(TEXT, {"COMPANY_NAME": "Acme GmbH", "INSTA_PORT": "8081"})
    lines = text.splitlines()
    assert lines[:3] == ["# mine", "export OLD_NAME=kept   # a remark", "COMPANY_NAME=Acme"]
    assert lines[3] == "COMPANY_NAME='Acme GmbH'"  # the last one counts
    assert lines[4] == "VOICE_MODE=local"
    assert lines[-2:] == ["# their port; empty takes 8080 or a free one", "INSTA_PORT=8081"]


def test_a_cleared_answer_is_written_only_where_it_stood() -> None:
    assert "VOICE_MODE=\n" in merged(TEXT, {"VOICE_MODE": "", "OPENAI_API_KEY": ""})
    assert "OPENAI_API_KEY" not in merged(TEXT, {"OPENAI_API_KEY": ""})


@pytest.mark.parametrize(
    "value",
    ["plain", "two words", "it's", 'a "quote"', "#1", "back\\slash", "\\'", "ümlaut", "p@ss:w/rd%20", " edges "],
)
def test_what_is_written_is_read_back(tmp_path: Path, value: str) -> None:
    path = tmp_path / ".env"
    write(path, merged(None, {"SUPPORT_CONTACT": value}), now=NOW)
    file = read_env_file(path)
    assert file is not None
    assert file.values == {"SUPPORT_CONTACT": value}
    assert file.broken == ()


def test_only_its_owner_may_read_it_and_the_old_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(TEXT)
    path.chmod(0o644)
    backup = write(path, "NEW=1\n", now=NOW)
    assert backup == tmp_path / ".env.20261122-190305.bak"
    assert backup.read_text() == TEXT
    assert path.read_text() == "NEW=1\n"
    assert [stat.S_IMODE(file.stat().st_mode) for file in (path, backup)] == [0o600, 0o600]
    assert sorted(os.listdir(tmp_path)) == [".env", backup.name]


def test_a_first_one_has_no_backup(tmp_path: Path) -> None:
    assert write(tmp_path / ".env", "NEW=1\n", now=NOW) is None
