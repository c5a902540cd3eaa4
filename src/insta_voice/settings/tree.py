"""The tree of all settings, and this process's own."""

import os
from functools import lru_cache
from typing import Final, Literal

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from insta_voice.errors import ConfigurationError
from insta_voice.languages import LANGUAGES, Language
from insta_voice.settings.callers import AccessSettings, PrivacySettings, SignupRule, SignupSettings
from insta_voice.settings.company import AccountSettings, CompanySettings, DemoSettings, NotifySettings
from insta_voice.settings.costs import CostSettings
from insta_voice.settings.installation import ServiceSettings
from insta_voice.settings.minds import KnowledgeSettings, OpenAIPart, OpenAISettings, VoiceSettings
from insta_voice.settings.services import DatabaseSettings, FirebaseSettings, GoogleSettings, LiveKitSettings
from insta_voice.wrong_settings import wrong_values

GROUPS: Final[tuple[type[BaseSettings], ...]] = (
    DatabaseSettings,
    LiveKitSettings,
    FirebaseSettings,
    GoogleSettings,
    OpenAISettings,
    VoiceSettings,
    CompanySettings,
    DemoSettings,
    AccessSettings,
    CostSettings,
    SignupSettings,
    PrivacySettings,
    AccountSettings,
    KnowledgeSettings,
    NotifySettings,
    ServiceSettings,
)
"""In the order of the configuration reference."""

_BY_NAME: Final = {group.__name__: group for group in GROUPS}


class Settings:
    """The tree. Read once a process with `get_settings()`; tests build their own from a mapping of variables."""

    def __init__(self) -> None:
        self.service = ServiceSettings()
        self.database = DatabaseSettings()
        self.livekit = LiveKitSettings()
        self.firebase = FirebaseSettings()
        self.google = GoogleSettings()
        self.openai = OpenAISettings()
        self.voice = VoiceSettings()
        self.company = CompanySettings()
        self.demo = DemoSettings()
        self.signup = SignupSettings()
        self.limits = AccessSettings()
        self.costs = CostSettings()
        self.privacy = PrivacySettings()
        self.account = AccountSettings()
        self.knowledge = KnowledgeSettings()
        self.notify = NotifySettings()

    @property
    def voice_mode(self) -> Literal["realtime", "pipeline", "local"]:
        """The mode that runs: what `auto` stands for is decided here and nowhere else."""
        if self.voice.mode != "auto":
            return self.voice.mode
        return "realtime" if self.openai.api_key else "local"

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those of LANGUAGES in which calls can be held, the company's own first. The speech server knows one."""
        wanted = dict.fromkeys(LANGUAGES[code] for code in self.company.languages)
        return tuple(language for language in wanted if language.local or self._speech_is_openais)

    @property
    def _speech_is_openais(self) -> bool:
        """Whether calls can be heard and spoken by OpenAI. In realtime VOICE_STT says nothing: the model hears."""
        mode, voice = self.voice_mode, self.voice
        return mode != "local" and voice.tts == "openai" and (mode == "realtime" or voice.stt == "openai")

    def openai_parts(self, mode: Literal["realtime", "pipeline", "local"]) -> list[OpenAIPart]:
        """What calls in `mode` ask of OpenAI, or of servers that speak its API."""
        voice = self.voice
        if mode == "local":
            return []
        parts: list[OpenAIPart] = ["realtime" if mode == "realtime" else "llm"]
        if mode == "realtime" and voice.stand_in == "pipeline":
            parts.append("llm")
        if voice.tts != "local":
            parts.append("tts")
        local_stt = voice.speech_url if mode == "realtime" else voice.stt == "local"
        if not (local_stt and all(language.local for language in self.languages)):
            parts.append("stt")
        return parts

    @property
    def signup_rule(self) -> SignupRule:
        """Who may call, by this process's own sign-in."""
        return self.signup.rule(emulator=bool(self.firebase.auth_emulator_host))


@lru_cache
def get_settings() -> Settings:
    """This process's settings; ConfigurationError when a value cannot be taken or `.env` cannot be read."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError(wrong_values(_BY_NAME[error.title], error)[0][1]) from None  # its text shows values
    except (OSError, UnicodeDecodeError) as error:
        place = getattr(error, "filename", None) or ".env"
        raise ConfigurationError(
            f"{place} cannot be read. Give this user the right to, and save it as UTF-8."
        ) from error
    if settings.google.application_credentials:  # Google's libraries look in the environment, not in `.env`
        os.environ.setdefault("GOOGLE_APPLICATION_CREDENTIALS", str(settings.google.application_credentials))
    return settings
