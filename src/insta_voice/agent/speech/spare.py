"""What can be said when the voice cannot: the app's own sentences, spoken ahead once and kept as files.

A file is named by everything that makes its sound, so a changed sentence or voice is spoken anew. They hold the
company's words and nobody's data. `speak_ahead` speaks those that are missing.
"""

import errno
import hashlib
import os
import stat
import tempfile
import wave
from pathlib import Path
from string import Template
from typing import Any

from livekit import rtc
from livekit.agents import APIError, tts

from insta_voice.agent.prompts import WELCOME_MESSAGE, variants
from insta_voice.company import notice, own_welcome
from insta_voice.settings import Settings

# In the order in which they are missed most.
_SENTENCES = (
    "moment",
    "voice_away",
    "looking_at_account",
    "looking_in_articles",
    "writing_down",
    "resumed",
    "not_heard",
    "silence_goodbye",
    "time_is_up",
    "budget_goodbye",
    "budget_goodbye_contact",
    "are_you_there",
)
_FRAME_S = 0.1


class SpareVoice:
    """The kept sentences of this installation's voice."""

    def __init__(self, settings: Settings) -> None:
        self._directory = _directory(settings.service.data_dir.expanduser().absolute())
        openai = settings.openai
        voice = settings.voice
        self._voice = f"{settings.voice_mode}|{voice.tts}|{openai.tts_model}|{openai.tts_voice}|{voice.local_speed}"
        company = settings.company
        self._values = {"company_name": company.company_name, "support_contact": company.support_contact}
        self.welcome = plain_welcome(settings)

    def frames(self, text: str) -> list[rtc.AudioFrame] | None:
        """The sound of `text`, mono, at the voice's own rate; None when it was never spoken."""
        if not _is_ours(self._directory):
            return None
        try:
            with wave.open(str(self._file(text))) as kept:
                rate_hz = kept.getframerate()
                pieces = iter(lambda: kept.readframes(int(rate_hz * _FRAME_S)), b"")
                return [rtc.AudioFrame(piece, rate_hz, 1, len(piece) // 2) for piece in pieces]
        except (OSError, EOFError, wave.Error):
            return None

    def sentence(self, name: str, variant: int = 0) -> list[rtc.AudioFrame] | None:
        """The sound of an authored sentence."""
        wordings = variants(name, **self._values)
        return self.frames(wordings[variant % len(wordings)])

    def missing(self) -> list[str]:
        """What is still to be spoken."""
        texts = (*(text for name in _SENTENCES for text in variants(name, **self._values)), self.welcome)
        return [text for text in texts if not self._file(text).is_file()]

    async def speak(self, text: str, voice: tts.TTS[Any]) -> None:
        """Speak `text` and keep it. APIError when the voice cannot; OSError when it cannot be kept."""
        async with voice.synthesize(text) as speech:
            frames = [piece.frame async for piece in speech]
        if not frames:
            raise APIError("the voice gave no sound")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(self._directory):
            raise PermissionError(errno.EACCES, "somebody else may write there", str(self._directory))
        file, path = tempfile.mkstemp(dir=self._directory)
        with os.fdopen(file, "wb") as out, wave.open(out) as kept:
            kept.setnchannels(1)
            kept.setsampwidth(2)
            kept.setframerate(frames[0].sample_rate)
            kept.writeframes(b"".join(bytes(frame.data) for frame in frames))
        os.replace(path, self._file(text))  # whole or not at all: calls read while we write

    def _file(self, text: str) -> Path:
        return self._directory / f"{hashlib.sha256(f'{self._voice}|{text}'.encode()).hexdigest()[:32]}.wav"


def _directory(data_dir: Path) -> Path:
    """Beside the other data; where every process may write, when that is missing or read-only."""
    if os.access(data_dir, os.W_OK):
        return data_dir / "spoken"
    return Path(tempfile.gettempdir()) / f"insta-voice-spoken-{os.getuid()}"


def _is_ours(directory: Path) -> bool:
    """What callers hear is nobody else's to write: not in a directory that another user made ready for us."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def plain_welcome(settings: Settings) -> str:
    """The greeting for whoever it is, with the notice: said when the personal one cannot be."""
    company, told = settings.company, notice(settings.privacy.retention_days)
    if company.welcome_message:
        return own_welcome(
            company.welcome_message,
            company_name=company.company_name,
            name="",
            notice=told,
            support_contact=company.support_contact,
        )
    return Template(WELCOME_MESSAGE).substitute(company_name=company.company_name, notice=told)
