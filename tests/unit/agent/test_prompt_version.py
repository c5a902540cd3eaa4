"""The record tells calls apart by what their mind was told: whatever of that changes, its version does."""

import shutil
from pathlib import Path

import pytest
from livekit.agents import function_tool
from tests.support.settings import complete_settings

from insta_voice import agent
from insta_voice.agent.prompt_version import prompt_version
from insta_voice.agent.tools import TOOLS, get_user_account_info

AGENT = Path(agent.__path__[0])
PROMPTS = sorted(file.relative_to(AGENT).as_posix() for file in AGENT.rglob("*.md"))
SETTINGS = complete_settings()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of every authored file, to be changed."""
    copy = tmp_path / "agent"
    for name in PROMPTS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(AGENT / name, copy / name)
    return copy


def test_the_same_prompts_have_one_short_version_wherever_they_are_installed(elsewhere: Path) -> None:
    version = prompt_version(SETTINGS)
    assert len(version) == 12
    assert int(version, 16) > 0
    assert prompt_version(SETTINGS, where=elsewhere) == version


def test_the_instructions_and_both_minds_sentences_are_in_it() -> None:
    assert {"prompts/instructions.md", "prompts/sentences.md", "responder/sentences.md"} <= set(PROMPTS)


@pytest.mark.parametrize("name", PROMPTS)
def test_one_changed_word_is_another_version(elsewhere: Path, name: str) -> None:
    file = elsewhere / name
    file.write_text(file.read_text("utf-8").replace(" you", " thee", 1), "utf-8")
    changed = prompt_version(SETTINGS, where=elsewhere)
    file.unlink()
    assert len({prompt_version(SETTINGS), changed, prompt_version(SETTINGS, where=elsewhere)}) == 3


def test_a_tool_that_is_described_otherwise_is_another_version() -> None:
    @function_tool(name=get_user_account_info.info.name)
    async def described_otherwise() -> None:
        """The caller's bank account."""

    others = [tool for tool in TOOLS if tool is not get_user_account_info]
    assert prompt_version(SETTINGS, tools=[described_otherwise, *others]) != prompt_version(SETTINGS)


@pytest.mark.parametrize(
    "change",
    [
        {"COMPANY_NAME": "Bolt"},
        {"SUPPORT_CONTACT": "hello@acme.example"},
        {"WELCOME_MESSAGE": "Welcome to Acme."},
        {"RETENTION_DAYS": "7"},
    ],
)
def test_what_is_filled_in_is_part_of_it(change: dict[str, str]) -> None:
    assert prompt_version(complete_settings(**change)) != prompt_version(SETTINGS)


def test_what_nobody_is_told_is_not() -> None:
    assert prompt_version(complete_settings(OPENAI_API_KEY="sk-other", VOICE_MAX_CALLS="9")) == prompt_version(SETTINGS)
