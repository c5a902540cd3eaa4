"""What doctor says of `.env` before anything is connected: every name, line and value that nothing could read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings
from tests.support.doctor import said

from insta_voice.doctor.findings import has_problem
from insta_voice.doctor.known import known_variables
from insta_voice.doctor.setting_names import check_names, closest
from insta_voice.doctor.settings import check_env_file
from insta_voice.errors import ConfigurationError
from insta_voice.settings import GROUPS, Settings, get_settings
from insta_voice.wrong_settings import wrong_values


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An `.env` of one's own, read by a process without any variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name in known_variables():
            monkeypatch.delenv(name)
    file = tmp_path / ".env"
    file.touch(mode=0o600)
    get_settings.cache_clear()
    yield file
    get_settings.cache_clear()


BROKEN = {
    "a wrong choice": (
        "VOICE_MODE=telepathy",
        "problem: VOICE_MODE cannot be 'telepathy'. It has to be auto, realtime",
    ),
    "no number": ("INSTA_PORT=eighty", "problem: INSTA_PORT cannot be 'eighty'. It has to be a whole number"),
    "too small": ("LIMIT_CALL_MINUTES=0", "problem: LIMIT_CALL_MINUTES cannot be '0'. It has to be at least 1"),
    "neither true nor false": ("FIREBASE_CHECK_REVOKED=perhaps", "It has to be true or false"),
    "no assignment": ("COMPANY NAME Acme", "problem: Line 1 of .env says nothing"),
    "a name alone": ("COMPANY_NAME", "problem: Line 1 of .env says nothing"),
    "a placeholder": ("FIREBASE_PROJECT_ID=your-project-id", "problem: FIREBASE_PROJECT_ID still holds a placeholder"),
    "an angle": ("OPENAI_API_KEY=<key>", "problem: OPENAI_API_KEY still holds a placeholder"),
}


@pytest.mark.parametrize(("line", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_each_mistake_has_its_sentence(written: Path, line: str, sentence: str) -> None:
    written.write_text(f"{line}\n")
    found = check_env_file(written.parent)
    assert sentence in said(found)
    assert not any(finding.level == "ok" for finding in found)


NAMES = {
    "a misspelt one": ("INSTA_PROT=8081", "problem: INSTA_PROT in .env is no setting. | Did you mean INSTA_PORT?"),
    "another's": ("OPENAI_KEY=sk-1", "problem: OPENAI_KEY in .env is no setting. | Did you mean OPENAI_API_KEY?"),
    "of nothing": ("COLOUR=blue", "warning: COLOUR in .env is read by nothing."),
    "beside the one it resembles": (
        "DATABASE_URL_TEST=x\nDATABASE_URL=y",
        "warning: DATABASE_URL_TEST in .env is no setting.",
    ),
}


@pytest.mark.parametrize(("lines", "sentence"), NAMES.values(), ids=NAMES.keys())
def test_a_name_that_nothing_reads_is_a_problem_when_it_was_meant_for_a_setting(
    written: Path, lines: str, sentence: str
) -> None:
    """Doctor said that nothing is broken, and ended with 0, while a key went unread."""
    written.write_text(f"{lines}\n")
    found = check_names(written.parent, {})
    assert len(found) == 1
    assert sentence in said(found)


def test_what_is_right_is_right(written: Path) -> None:
    written.write_text("# mine\nexport COMPANY_NAME='Acme GmbH'\ninsta_port=8081\nVITE_TITLE=Help\nSUPABASE_URL=x\n")
    assert said(check_env_file(written.parent)) == "ok: .env sets 2 settings, each to a value it can have. | "
    assert check_names(written.parent, {"PATH": "/bin", "INSTA_PORT": "1", "DATABASE_URL": ""}) == []


def test_without_a_file_the_defaults_hold(written: Path) -> None:
    written.unlink()
    assert "There is no .env" in said(check_env_file(written.parent))


def test_a_misspelt_variable_of_the_environment_is_noticed(written: Path) -> None:
    found = check_names(written.parent, {"LIVEKIT_APIKEY": "x", "LIVEKIT_INGRESS": "x", "HOME": "/"})
    assert "LIVEKIT_APIKEY in the environment is no setting. | Did you mean LIVEKIT_API_KEY?" in said(found)
    assert "INGRESS" not in said(found)


def test_secrets_that_others_may_read_are_noticed(written: Path) -> None:
    written.write_text("OPENAI_API_KEY=sk-12345678\n")
    assert has_problem(check_env_file(written.parent)) is False
    assert "Other users" not in said(check_env_file(written.parent))
    written.chmod(0o640)
    assert "warning: Other users of this machine may read .env" in said(check_env_file(written.parent))
    written.write_text("COMPANY_NAME=Acme\n")
    assert "Other users" not in said(check_env_file(written.parent))


def test_a_file_in_another_encoding_is_said(written: Path) -> None:
    written.write_bytes("COMPANY_NAME=Käse\n".encode("latin-1"))
    assert "problem: .env is not UTF-8 text." in said(check_env_file(written.parent))


def test_no_sentence_shows_a_secret(written: Path) -> None:
    written.write_text(
        "OPENAI_API_KEY=hunter2\nOPENAI_APIKEY=hunter2\nDATABASE_URL=hunter2\nDATABASE_POOL_MAX_SIZE=x\n"
    )
    written.chmod(0o644)
    names = check_names(written.parent, {"LIVEKIT_API_SECRT": "hunter2"})
    assert "hunter2" not in said([*check_env_file(written.parent), *names])


def test_a_secret_that_cannot_be_is_not_repeated() -> None:
    class Guarded(BaseSettings):
        key: SecretStr = Field(min_length=8)

    with pytest.raises(ValidationError) as refused:
        Guarded(key="hunter2")
    assert "hunter2" not in str(wrong_values(Guarded, refused.value))
    assert wrong_values(Guarded, refused.value)[0][1].startswith("KEY cannot be.")


def test_every_command_says_a_wrong_value_in_a_sentence(written: Path) -> None:
    written.write_text("DATABASE_CONNECT_TIMEOUT_S=-1\n")
    with pytest.raises(
        ConfigurationError, match=r"DATABASE_CONNECT_TIMEOUT_S cannot be '-1'. It has to be more than 0"
    ):
        get_settings()


def test_googles_libraries_find_the_credentials_of_env(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written.write_text("GOOGLE_APPLICATION_CREDENTIALS=/etc/key.json\n")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")  # and again when the test is over
    get_settings()
    assert os.environ["GOOGLE_APPLICATION_CREDENTIALS"] == "/etc/key.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/etc/other.json")
    get_settings.cache_clear()
    get_settings()
    assert os.environ["GOOGLE_APPLICATION_CREDENTIALS"] == "/etc/other.json"


def test_every_group_of_settings_is_known() -> None:
    assert {type(group) for group in vars(Settings()).values()} == set(GROUPS)


def test_a_name_far_from_all_is_near_to_none() -> None:
    assert closest("PATH", known_variables()) is None
