"""What can be said when the voice cannot: the app's own sentences, spoken ahead once and kept as files.

A file is named by everything that makes its sound, so a changed sentence or voice is spoken anew. They hold the
company's words and nobody's data. `speak_ahead` speaks those that are missing.
"""

import errno
import hashlib
import os
import tempfile
import wave
from pathlib import Path
from typing import Any

from livekit import rtc
from livekit.agents import APIError, tts

from insta_voice.agent.prompts import variants
from insta_voice.agent.speech.greeting import plain_welcome
from insta_voice.languages import ENGLISH, Language
from insta_voice.own_directory import is_ours, own_directory
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
# Of a call that is given up; where nobody stands in for a provider they come first.
_LAST_WORDS = ("unable", "unable_goodbye", "unable_goodbye_contact")
_FRAME_S = 0.1


class SpareVoice:
    """The kept sentences of this installation's voice in one language."""

    def __init__(self, settings: Settings, language: Language = ENGLISH) -> None:
        self.language = language
        self._directory = own_directory(settings.service.data_dir.expanduser().absolute(), "spoken")
        openai = settings.openai
        voice = settings.voice
        self._voice = f"{settings.voice_mode}|{voice.tts}|{openai.tts_model}|{openai.tts_voice}|{voice.local_speed}"
        company = settings.company
        self._values = {"company_name": company.company_name, "support_contact": company.support_contact}
        self.welcome = plain_welcome(settings, language)

    def frames(self, text: str) -> list[rtc.AudioFrame] | None:
        """The sound of `text`, mono, at the voice's own rate; None when it was never spoken."""
        if not is_ours(self._directory):
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
        wordings = self._variants(name)
        return self.frames(wordings[variant % len(wordings)])

    def missing(self) -> list[str]:
        """What is still to be spoken."""
        names = (*_SENTENCES, *_LAST_WORDS) if self.language.local else (*_LAST_WORDS, *_SENTENCES)
        texts = (*(text for name in names for text in self._variants(name)), self.welcome)
        return [text for text in texts if not self._file(text).is_file()]

    async def speak(self, text: str, voice: tts.TTS[Any]) -> None:
        """Speak `text` and keep it. APIError when the voice cannot; OSError when it cannot be kept."""
        async with voice.synthesize(text) as speech:
            frames = [piece.frame async for piece in speech]
        if not frames:
            raise APIError("the voice gave no sound")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_ours(self._directory):
            raise PermissionError(errno.EACCES, "somebody else may write there", str(self._directory))
        file, path = tempfile.mkstemp(dir=self._directory)
        with os.fdopen(file, "wb") as out, wave.open(out) as kept:
            kept.setnchannels(1)
            kept.setsampwidth(2)
            kept.setframerate(frames[0].sample_rate)
            kept.writeframes(b"".join(bytes(frame.data) for frame in frames))
        os.replace(path, self._file(text))  # whole or not at all: calls read while we write

    def _variants(self, name: str) -> tuple[str, ...]:
        return variants(name, language=self.language, **self._values)

    def _file(self, text: str) -> Path:
        return self._directory / f"{hashlib.sha256(f'{self._voice}|{text}'.encode()).hexdigest()[:32]}.wav"
