"""Sentences spoken ahead: each once, by what makes its sound, and whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import APIConnectionError
from livekit.plugins import openai
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.prompts import variants
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.speech.speak_ahead import keep_spoken, own_voice, speak_missing
from insta_voice.languages import GERMAN
from insta_voice.settings import Settings
from insta_voice.voice.providers import build_providers

RATE_HZ = 22_050


class Voice:
    """Says every text as a tone of its own; fails as often as told."""

    def __init__(self, *, failures: int = 0) -> None:
        self.said: list[str] = []
        self._failures = failures

    @asynccontextmanager
    async def synthesize(self, text: str) -> AsyncIterator[AsyncIterator[Any]]:
        yield self._pieces(text)

    async def _pieces(self, text: str) -> AsyncIterator[Any]:
        if self._failures:
            self._failures -= 1
            raise APIConnectionError()
        self.said.append(text)
        yield SimpleNamespace(frame=rtc.AudioFrame(bytes([len(text) % 256, 0]) * 5000, RATE_HZ, 1, 5000))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path))
    return Settings()


def _speak(spare: SpareVoice, voice: Voice) -> None:
    run_virtual(speak_missing(spare, voice))  # type: ignore[arg-type]


def test_each_sentence_is_spoken_once(settings: Settings) -> None:
    voice = Voice()
    assert SpareVoice(settings).frames(variants("moment")[0]) is None
    _speak(SpareVoice(settings), voice)
    assert voice.said[:2] == list(variants("moment")), "what is missed most comes first"
    assert SpareVoice(settings).welcome in voice.said
    again = Voice()
    _speak(SpareVoice(settings), again)
    assert again.said == []


def test_what_was_kept_is_what_was_spoken(settings: Settings) -> None:
    spare = SpareVoice(settings)
    _speak(spare, Voice())
    for text in (spare.welcome, variants("moment")[1]):
        frames = spare.frames(text)
        assert frames
        assert b"".join(bytes(frame.data) for frame in frames) == bytes([len(text) % 256, 0]) * 5000
        assert {frame.sample_rate for frame in frames} == {RATE_HZ}
    assert spare.sentence("voice_away") is not None


def test_a_voice_that_is_not_there_yet_is_waited_for(settings: Settings) -> None:
    spare = SpareVoice(settings)
    _speak(spare, Voice(failures=30))
    assert spare.missing() == []


def test_a_voice_that_is_away_for_an_hour_is_tried_again_and_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """After five minutes the sentences were given up for as long as the worker lived."""

    async def scene() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def speak() -> int:
            if loop.time() < began + 3600:
                await asyncio.sleep(300)
                return 1
            await speak_missing(SpareVoice(settings), Voice())  # type: ignore[arg-type]
            return 0

        await keep_spoken(settings, speak=speak)
        return loop.time() - began

    assert run_virtual(scene()) < 3600 + 2400
    assert SpareVoice(settings).missing() == []
    assert "again in" in caplog.text


def test_a_voice_without_sound_is_no_voice(settings: Settings) -> None:
    class Silent(Voice):
        async def _pieces(self, text: str) -> AsyncIterator[Any]:
            for _ in ():
                yield

    with pytest.raises(TimeoutError):
        _speak(SpareVoice(settings), Silent())


def test_another_pace_or_company_is_spoken_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _speak(SpareVoice(settings), Voice())
    monkeypatch.setenv("VOICE_LOCAL_SPEED", "1.3")
    assert len(SpareVoice(Settings()).missing()) > 5
    monkeypatch.delenv("VOICE_LOCAL_SPEED")
    monkeypatch.setenv("COMPANY_NAME", "Acme")
    missing = SpareVoice(Settings()).missing()
    assert missing
    assert all("Acme" in text for text in missing)


def test_every_language_that_is_spoken_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("LANGUAGES", "en,de")
    spoken = Settings()
    said: list[Voice] = []

    async def speak() -> int:
        for language in spoken.languages:
            said.append(voice := Voice())
            await speak_missing(SpareVoice(spoken, language), voice)  # type: ignore[arg-type]
        return 0

    run_virtual(keep_spoken(spoken, speak=speak))
    english, german = said
    last_words = variants("unable", language=GERMAN)[0]
    assert german.said[0] == last_words, "nobody stands in: what a call ends with comes first"
    assert variants("moment", language=GERMAN)[0] in german.said
    assert set(english.said).isdisjoint(german.said)
    assert variants("moment")[0] == english.said[0], "somebody stands in"
    assert variants("unable")[0] in english.said, "who may fail too"
    run_virtual(keep_spoken(spoken, speak=lambda: pytest.fail("all is kept")))


def test_a_damaged_file_is_no_sound(settings: Settings, tmp_path: Path) -> None:
    spare = SpareVoice(settings)
    _speak(spare, Voice())
    for file in (tmp_path / "spoken").iterdir():
        file.write_bytes(b"RIFF")
    assert spare.frames(spare.welcome) is None


def test_what_cannot_be_kept_hurts_nobody(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "spoken").write_text("a file where the directory should be")
    with pytest.raises(OSError, match="spoken"):
        asyncio.run(SpareVoice(settings).speak("Hello.", Voice()))  # type: ignore[arg-type]


def test_what_somebody_else_may_write_is_not_said(settings: Settings, tmp_path: Path) -> None:
    spare = SpareVoice(settings)
    _speak(spare, Voice())
    (tmp_path / "spoken").chmod(0o777)
    assert spare.frames(spare.welcome) is None
    with pytest.raises(PermissionError):
        asyncio.run(spare.speak("Hello.", Voice()))  # type: ignore[arg-type]


def test_a_data_directory_that_is_not_there_is_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    spare = SpareVoice(Settings())
    _speak(spare, Voice())
    assert spare.frames(spare.welcome)
    assert not (tmp_path / "nowhere").exists()


async def test_only_the_voice_of_the_settings_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the local voice would say in its place would be kept for good."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("VOICE_SPEECH_URL", "http://127.0.0.1:9")
    providers = build_providers(Settings(), "pipeline")
    assert isinstance(own_voice(providers.tts), openai.TTS)
    await providers.aclose()
