"""How checks are asked: side by side, each with an end, and what breaks in one hides nothing of the others."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.support.doctor import said, surroundings
from typer.testing import CliRunner, Result

from insta_voice.cli import doctor as command
from insta_voice.doctor import examine
from insta_voice.doctor.examine import Check, bounded
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.settings import check_safety
from insta_voice.doctor.surroundings import Surroundings, look_around
from insta_voice.errors import ConfigurationError, DBDriverError
from insta_voice.settings import Settings, get_settings
from insta_voice.stack.livekit_config import load_or_make_keys
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.up_file import Addresses, up_file, write_up_file


async def breaks() -> list[Finding]:
    raise KeyError("hunter2")


async def refuses() -> list[Finding]:
    raise DBDriverError(detail="hunter2")


async def hangs() -> list[Finding]:
    await asyncio.Event().wait()
    return []


async def test_a_check_that_breaks_is_a_finding_without_its_words() -> None:
    assert said(await bounded("x", breaks())) == (
        "problem: This could not be examined (KeyError), which is a defect of the doctor's. | "
        "Please report it, with the version and this sentence."
    )
    assert said(await bounded("x", refuses())) == "problem: The database did not answer. | Try again in a moment."


async def test_a_check_that_hangs_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "TIMEOUT_S", 0.01)
    assert "problem: There was no answer within 0 s." in said(await bounded("x", hangs()))


async def test_checks_are_asked_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the other, and comes back only when both were asked."""
    both = asyncio.Barrier(2)

    async def meets(_: Surroundings) -> list[Finding]:
        await both.wait()
        return [ok("x", "Met.")]

    monkeypatch.setattr(examine, "FIRST", ())
    monkeypatch.setattr(examine, "SERVICES", (Check("x", meets), Check("x", meets)))
    found = await asyncio.wait_for(examine.examine(surroundings({}), no_database), 5)
    assert [finding.sentence for finding in found if finding.part == "x"] == ["Met.", "Met."]


@asynccontextmanager
async def no_database(_: Settings) -> AsyncIterator[str]:
    raise ConfigurationError("There is no embedded Postgres here: run `make setup`, or set DATABASE_URL.")
    yield ""


async def test_what_starts_the_database_says_why_it_could_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "FIRST", ())
    monkeypatch.setattr(examine, "SERVICES", ())
    assert said(await examine.examine(surroundings({}), no_database)) == (
        "problem: There is no embedded Postgres here. | Run `make setup`, or set DATABASE_URL."
    )


async def test_in_a_directory_that_cannot_be_written_no_database_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_: Surroundings) -> list[Finding]:
        return [problem("data directory", "Full.", "Make room.")]

    monkeypatch.setattr(examine, "FIRST", (Check("data directory", full),))
    monkeypatch.setattr(examine, "SERVICES", ())
    assert said(await examine.examine(surroundings({}), no_database)) == "problem: Full. | Make room."


async def test_what_keeps_the_parts_from_starting_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "FIRST", (Check("safety", check_safety),))
    found = await examine.examine(surroundings({"TICKET_SMTP_URL": "mail.example"}), no_database)
    assert [finding.part for finding in found if "TICKET_SMTP_URL is no" in finding.sentence] == ["safety"]


FOUND = [
    ok("settings", "All is well."),
    warning("tickets", "Nowhere to [red]go[/red].", "Set X."),
    problem("mail", "No.\n\x1b[31mReally.", "Do [this]."),
]


def asked(monkeypatch: pytest.MonkeyPatch, findings: list[Finding], *arguments: str) -> Result:
    async def give() -> list[Finding]:
        return findings

    monkeypatch.setattr(command, "_examine", give)
    return CliRunner().invoke(command.app, list(arguments))


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asked(monkeypatch, FOUND)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "ok      settings        All is well.",
        "warning tickets         Nowhere to [red]go[/red]. Set X.",
        "problem mail            No. [31mReally. Do [this].",
        "1 problem and 1 warning. docs/troubleshooting.md says more.",
    ]


def test_marks_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    done = asked(monkeypatch, FOUND)
    assert "Nowhere to [red]go[/red]." in done.stdout
    assert "Do [this]." in done.stdout
    assert "\x1b[31mReally" not in done.stdout


def test_json_for_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asked(monkeypatch, FOUND[:2], "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "ok": True,
        "findings": [
            {"part": "settings", "level": "ok", "sentence": "All is well.", "mend": ""},
            {"part": "tickets", "level": "warning", "sentence": "Nowhere to [red]go[/red].", "mend": "Set X."},
        ],
    }
    assert json.loads(asked(monkeypatch, FOUND, "--json").stdout)["ok"] is False


def test_a_wrong_value_is_said_and_nothing_else_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / ".env").write_text("INSTA_PORT=http\nINSTA_PROT=1\n")
    get_settings.cache_clear()
    done = CliRunner().invoke(command.app, [])
    assert done.exit_code == 1
    assert "INSTA_PORT cannot be 'http'." in done.stdout
    assert "Did you mean INSTA_PORT?" in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_running_up_is_found_with_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("LIVEKIT_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    addresses = Addresses("http://127.0.0.1:1", "ws://127.0.0.1:2", "postgresql://x", "http://127.0.0.1:3", None, ())
    write_up_file(tmp_path, addresses)
    assert look_around(Settings()).up is None  # left by a killed one: nobody holds the lock
    lock = DataDirLock(tmp_path)
    assert lock.try_acquire("command") is None
    assert look_around(Settings()).up is None  # a command holds it
    lock.release()
    assert lock.try_acquire("up") is None
    try:
        around = look_around(Settings())
        assert around.up == addresses
        keys = load_or_make_keys(tmp_path / "livekit")
        assert around.livekit is not None
        assert (around.livekit.url, around.livekit.api_key) == ("ws://127.0.0.1:2", keys.api_key)
        assert around.livekit.api_secret is not None
        assert around.livekit.api_secret.get_secret_value() == keys.api_secret
        up_file(tmp_path).unlink()
        assert look_around(Settings()).up is None
    finally:
        lock.release()
