"""Settings: one typed tree, and `.env.example` says all of it and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from insta_voice.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def only_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in _variables(_groups()):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


def _groups() -> list[BaseSettings]:
    return [group for group in vars(Settings()).values() if isinstance(group, BaseSettings)]


def _variables(groups: list[BaseSettings]) -> dict[str, object]:
    return {
        f"{group.model_config['env_prefix']}{field}".upper(): getattr(group, field)
        for group in groups
        for field in type(group).model_fields
    }


def _example() -> dict[str, str]:
    lines = (line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_the_example_names_every_variable_and_no_other() -> None:
    assert _example().keys() == _variables(_groups()).keys()


def test_the_example_shows_the_defaults() -> None:
    for variable, default in _variables(_groups()).items():
        assert _example()[variable] == _shown(default), variable


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    return "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)


def test_every_field_is_described() -> None:
    for group in _groups():
        for name, field in type(group).model_fields.items():
            assert field.description, f"{type(group).__name__}.{name}"


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database.url is None


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTA_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    assert Settings().service.allowed_origins == ("https://a.example", "https://b.example")


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_MODE", "telepathy")
    with pytest.raises(ValidationError, match="mode"):
        Settings()


@pytest.mark.parametrize(("key", "mode"), [("", "local"), ("sk-test", "realtime")])
def test_auto_is_realtime_with_a_key_and_local_without(monkeypatch: pytest.MonkeyPatch, key: str, mode: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert Settings().voice_mode == mode


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    settings = Settings()
    assert settings.openai.api_key == SecretStr("sk-test")
    assert "sk-test" not in repr(settings.openai)


def test_the_pages_example_names_what_its_build_reads() -> None:
    web = EXAMPLE.parent / "web"
    example = set(re.findall(r"^(VITE_\w+)=", (web / ".env.example").read_text(), re.MULTILINE))
    sources = [web / "vite.config.ts", *(web / "src").rglob("*.ts"), *(web / "src").rglob("*.tsx")]
    read = {name for source in sources for name in re.findall(r"\bVITE_[A-Z_]+[A-Z]\b", source.read_text())}
    assert example == read


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """As systemd and Docker hand them over: read at the start of a process, behind the environment."""
    secrets = tmp_path / "credentials"
    secrets.mkdir()
    (secrets / "livekit_api_secret").write_text("from a file\n")
    (secrets / "livekit_api_key").write_text("from a file\n")
    ask = "s = Settings().livekit; print(s.api_key, s.api_secret.get_secret_value())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"from insta_voice.settings import Settings; {ask}"],
        env={"CREDENTIALS_DIRECTORY": str(secrets), "LIVEKIT_API_KEY": "environment"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "environment from a file\n"
