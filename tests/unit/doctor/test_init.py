"""`insta-voice init`: what it asks, what it refuses, what it writes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.vendors import OPENAI_KEY, OpenAI, serving
from typer.testing import CliRunner, Result

from insta_voice.cli.init import app
from insta_voice.doctor.known import known_variables, read_env_file
from insta_voice.doctor.questions import TOPICS
from insta_voice.errors import InvalidInputError

OWN = ["--set", "COMPANY_NAME=Acme", "--set", "SUPPORT_CONTACT=help@acme.example"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and no variable of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name in known_variables():
            monkeypatch.delenv(name)
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def openai() -> Iterator[OpenAI]:
    fake = OpenAI("gpt-realtime", "gpt-4o-mini-tts")
    with serving(fake):
        yield fake


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def values() -> dict[str, str]:
    file = read_env_file(Path(".env"))
    return dict(file.values) if file else {}


def test_a_script_writes_what_it_gives() -> None:
    done = run("--non-interactive", *OWN)
    assert done.exit_code == 0, done.output
    assert values() == {"COMPANY_NAME": "Acme", "SUPPORT_CONTACT": "help@acme.example"}
    assert Path(".env").stat().st_mode & 0o077 == 0
    assert "insta-voice kb ingest ./articles" in done.output


def test_a_script_gives_secrets_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI_KEY)
    done = run("--non-interactive", "--no-check", *OWN)
    assert values()["OPENAI_API_KEY"] == OPENAI_KEY
    assert OPENAI_KEY not in done.output


def test_a_webhook_without_a_secret_is_given_one() -> None:
    done = run("--non-interactive", "--no-check", "--set", "TICKET_WEBHOOK_URL=https://desk.example/t")
    assert len(values()["TICKET_WEBHOOK_SECRET"]) == 64
    assert values()["TICKET_WEBHOOK_SECRET"] not in done.output


REFUSED = {
    "what does not pass": (["--set", "COMPANY_NAME=Acme"], "Nothing was written"),
    "no setting": (["--set", "COMPANY=Acme"], "--set COMPANY is no setting"),
    "no value": (["--set", "COMPANY_NAME"], "--set COMPANY_NAME is no setting"),
    "a wrong value": (["--set", "INSTA_ENV=staging"], "INSTA_ENV cannot be 'staging'"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_script_is_told_what_is_wrong_and_nothing_is_written(arguments: list[str], sentence: str) -> None:
    done = run("--non-interactive", *arguments)
    assert isinstance(done.exception, InvalidInputError)
    assert sentence in done.exception.message
    assert not Path(".env").exists()


def test_a_script_overwrites_only_when_it_says_so() -> None:
    Path(".env").write_text("# mine\nCOMPANY_NAME=Old\n")
    done = run("--non-interactive", *OWN)
    assert isinstance(done.exception, InvalidInputError)
    assert "COMPANY_NAME, SUPPORT_CONTACT would change" in done.exception.message
    assert values() == {"COMPANY_NAME": "Old"}
    assert run("--non-interactive", "--overwrite", *OWN).exit_code == 0
    assert Path(".env").read_text().startswith("# mine\nCOMPANY_NAME=Acme\n")
    assert len(list(Path().glob(".env.*.bak"))) == 1


def test_someone_who_presses_enter_gets_what_runs_here() -> None:
    done = run(typed="\n" * 12)
    assert done.exit_code == 0, done.output
    assert "Nothing to write." in done.output
    assert "Who may call" not in done.output  # without a Firebase project there is no choice


def test_what_enter_stands_for_is_shown() -> None:
    """`Company name:` showed nothing while "Enter keeps what is shown"."""
    Path(".env").write_text("OPENAI_API_KEY=hunter2\n")
    done = run("--no-check", typed="\n" * 12)
    assert "Company name [Tidewater]:" in done.output
    assert "API key (sk-…) [set; Enter keeps it]:" in done.output
    assert "Database address (postgresql://…):" in done.output
    assert "Nothing to write." in done.output


def test_an_answer_that_does_not_pass_is_asked_again(openai: OpenAI) -> None:
    Path(".env").write_text(f"OPENAI_BASE_URL={openai.url}/v1\n")
    typed = ["Acme", "help@acme.example", "sk-wrong", "n", OPENAI_KEY, "", "", "", "", "", "", "y"]
    done = run(typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert "problem: The server of OPENAI_BASE_URL does not take OPENAI_API_KEY." in done.output
    assert "ok: The key is taken, and may use gpt-realtime and gpt-4o-mini-tts." in done.output
    assert values()["OPENAI_API_KEY"] == OPENAI_KEY
    assert "sk-wrong" not in Path(".env").read_text()


def test_what_is_set_is_kept_by_enter_and_cleared_by_a_hyphen() -> None:
    Path(".env").write_text("COMPANY_NAME=Acme\nSUPPORT_CONTACT=help@acme.example\nTICKET_SMTP_URL=smtp://x\n")
    typed = ["", "", "", "", "", "", "", "-", "", "y"]
    done = run("--no-check", typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert values() == {"COMPANY_NAME": "Acme", "SUPPORT_CONTACT": "help@acme.example", "TICKET_SMTP_URL": ""}


def test_who_does_not_confirm_keeps_the_old_file() -> None:
    Path(".env").write_text("COMPANY_NAME=Old\n")
    done = run(typed="Acme\nhelp@acme.example\n\n\n\n\n\n\n\nn\n")
    assert done.exit_code == 1
    assert values() == {"COMPANY_NAME": "Old"}


def test_every_question_is_about_a_setting() -> None:
    assert {question.variable for topic in TOPICS for question in topic.questions} <= known_variables().keys()
