"""Every setting of the backend, typed, documented and read from the environment or `.env`, in one tree.

`.env.example` is checked against this file by a test: every variable here stands there, and nothing else does.
Field descriptions are what the configuration reference prints. Secrets are `SecretStr`, so that no log or error
shows them.
"""

import os
from datetime import timedelta
from functools import lru_cache
from os.path import isdir
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from insta_voice.errors import ConfigurationError
from insta_voice.wrong_settings import wrong_values


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)]


# Files named like their variable, for what should stand in no environment: systemd's credentials, Docker's secrets.
SECRETS_DIRS = [place for place in (os.environ.get("CREDENTIALS_DIRECTORY"), "/run/secrets") if place and isdir(place)]


def _env(prefix: str) -> SettingsConfigDict:
    return SettingsConfigDict(
        env_prefix=prefix,
        env_file=".env",
        env_ignore_empty=True,
        secrets_dir=SECRETS_DIRS,
        extra="ignore",
        frozen=True,
    )


class DatabaseSettings(BaseSettings):
    """Postgres ≥ 15 with pgvector: Supabase, your own, or empty for the embedded one."""

    model_config = _env("DATABASE_")
    url: SecretStr | None = Field(None, description="postgresql:// address; empty starts the embedded Postgres")
    pool_max_size: int = Field(10, ge=1, description="connections a process may hold")
    connect_timeout_s: float = Field(5.0, gt=0, description="seconds to wait for a connection before saying so")


class LiveKitSettings(BaseSettings):
    """The media server: LiveKit Cloud, your own, or empty for the embedded one."""

    model_config = _env("LIVEKIT_")
    url: str | None = Field(None, description="ws(s):// address; empty starts the embedded livekit-server")
    public_url: str | None = Field(None, description="the address browsers use when it is not LIVEKIT_URL")
    api_key: str | None = Field(None, description="LiveKit API key")
    api_secret: SecretStr | None = Field(None, description="LiveKit API secret")
    agent_name: str = Field("insta-voice", description="the name calls are dispatched to")
    server_binary: Path | None = Field(None, description="a livekit-server to use instead of the one set-up brings")


class FirebaseSettings(BaseSettings):
    """Who may sign in: a Firebase project, or empty for the Auth emulator with demo users."""

    model_config = _env("FIREBASE_")
    project_id: str | None = Field(None, description="Firebase project id; empty starts the Auth emulator")
    web_api_key: str | None = Field(None, description="the web app's public API key, handed to the page")
    auth_domain: str | None = Field(None, description="the web app's authDomain, handed to the page")
    auth_emulator_host: str | None = Field(None, description="host:port of an emulator; refused in production")
    check_revoked: bool = Field(False, description="ask Firebase on each token whether it was revoked")


class GoogleSettings(BaseSettings):
    """What Google's libraries need to act in your project's name; only FIREBASE_CHECK_REVOKED asks for it."""

    model_config = _env("GOOGLE_")
    application_credentials: Path | None = Field(None, description="a service account's JSON file")


class OpenAISettings(BaseSettings):
    """OpenAI, or any server that speaks its API."""

    model_config = _env("OPENAI_")
    api_key: SecretStr | None = Field(None, description="with a key, VOICE_MODE=auto becomes realtime")
    base_url: str | None = Field(None, description="another server with the OpenAI API")
    realtime_model: str = Field("gpt-realtime", description="model of mode realtime")
    realtime_voice: str = Field("marin", description="voice of mode realtime")
    tts_model: str = Field("gpt-4o-mini-tts", description="speaks what the app itself says")
    tts_voice: str = Field("marin", description="voice of the same")
    stt_model: str = Field("gpt-4o-mini-transcribe", description="recognition where no local one runs")
    llm_model: str = Field("gpt-5-mini", description="the mind of mode pipeline")
    embedding_model: str = Field("text-embedding-3-small", description="vectors when EMBEDDINGS=openai")


class VoiceSettings(BaseSettings):
    """What hears, speaks and thinks."""

    model_config = _env("VOICE_")
    mode: Literal["auto", "realtime", "pipeline", "local"] = Field(
        "auto", description="auto: realtime with an OpenAI key, else local"
    )
    speech_url: str | None = Field(None, description="a running speech server; empty starts one")
    models_dir: Path = Field(Path(".tools/models"), description="where set-up puts the local models' weights")
    local_speed: float = Field(1.0, ge=0.5, le=2.0, description="pace of the local voice: 1.2 is a fifth faster")
    max_calls: int = Field(4, ge=1, description="calls one worker holds; about 25 % of a core each in mode local")
    drain_s: float = Field(
        4.0, ge=1, description="seconds a stopped worker gives running calls to end; as long as a call in production"
    )


class CompanySettings(BaseSettings):
    """How the assistant introduces itself and where it sends people."""

    model_config = _env("")
    company_name: str = Field("Tidewater", description="as spoken and shown; the demo company by default")
    support_contact: str = Field(
        "support@tidewater.example", description="given to callers when no ticket can be delivered"
    )
    welcome_message: str | None = Field(
        None, description="your own greeting; may hold $company_name, $name, $notice and $support_contact"
    )
    company_logo: str | None = Field(None, description="a picture file, or the https:// address of one")
    company_accent: str | None = Field(None, description="your colour: #0a6ebd or oklch(0.53 0.14 250)")
    company_privacy_url: str | None = Field(None, description="your privacy notice, linked on the page")


class DemoSettings(BaseSettings):
    """The demo company: it lives in the embedded database with the sign-in emulator, and nowhere else."""

    model_config = _env("DEMO_")
    content: bool = Field(
        True, description="whether it is there at all; its articles only while COMPANY_NAME is the demo's"
    )


class AccessSettings(BaseSettings):
    """Who may call, how often and how long: what a stranger can cost is bounded here."""

    model_config = _env("LIMIT_")
    tokens_per_minute: int = Field(10, ge=1, description="join tokens a user may ask for in a minute")
    tokens_per_minute_per_address: int = Field(60, ge=1, description="the same for one network address")
    concurrent_calls_per_user: int = Field(1, ge=1, description="calls a user may hold at once")
    minutes_per_day: int = Field(60, ge=1, description="minutes of calls a user has in 24 hours")
    call_minutes: int = Field(30, ge=1, description="the longest single call, in minutes")
    concurrent_calls: int = Field(
        20, ge=1, description="calls of the whole installation at once; never more than its workers have places for"
    )


SignupRule = Literal["known", "domains", "open"]


class SignupSettings(BaseSettings):
    """Who may call: people the company knows, whole domains, or anybody."""

    model_config = _env("")
    signup: SignupRule | None = Field(
        None,
        description="known: imported people only; domains: also SIGNUP_DOMAINS; open: anybody who can sign in; "
        "empty is open with the Auth emulator, else known",
    )
    signup_domains: CommaSeparated = Field(
        (), description="with SIGNUP=domains: e-mail domains whose people may call, comma separated"
    )
    signup_strangers_may_call: bool = Field(
        False, description="says that SIGNUP=open is meant, in production: every call of a stranger costs you"
    )

    def rule(self, *, emulator: bool) -> SignupRule:
        """Who may call: what an empty SIGNUP stands for is decided here and nowhere else."""
        return self.signup or ("open" if emulator else "known")


class PrivacySettings(BaseSettings):
    """How long what callers said is kept."""

    model_config = _env("")
    retention_days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="days after which a call, its turns, summary and tickets are deleted; 0 keeps them",
    )

    @property
    def retention(self) -> timedelta | None:
        """How long after its end a call is kept; None keeps it."""
        return timedelta(days=self.retention_days) or None


class AccountSettings(BaseSettings):
    """Where the facts about a caller's account come from: your own endpoint, or empty for what was imported."""

    model_config = _env("ACCOUNT_")
    url: str | None = Field(None, description="your endpoint, asked with a signed POST (docs/account-facts.md)")
    secret: SecretStr | None = Field(None, description="signs the question: HMAC-SHA256 in X-Insta-Signature")
    fields: CommaSeparated = Field(
        (), description="the only facts that are used, comma separated; empty uses all imported ones"
    )
    timeout_s: float = Field(2.0, gt=0, le=3, description="seconds your endpoint has; a caller hears the wait")
    cache_s: float = Field(300.0, ge=0, description="seconds an answer is used again within one call")
    allow_private: bool = Field(False, description="lets ACCOUNT_URL lead into your own network")


class KnowledgeSettings(BaseSettings):
    """How articles are searched and when the assistant says it does not know."""

    model_config = _env("KNOWLEDGE_")
    embeddings: Literal["local", "openai"] = Field("local", description="which model makes the vectors")
    answer_confidence: float = Field(
        0.5,
        ge=0,
        le=1,
        description="answer only when at least this sure that the evidence answers the question",
    )


class NotifySettings(BaseSettings):
    """Where tickets go. With neither a webhook nor SMTP, callers are given SUPPORT_CONTACT."""

    model_config = _env("TICKET_")
    webhook_url: str | None = Field(None, description="receives each ticket as signed JSON")
    webhook_secret: SecretStr | None = Field(None, description="signs it: HMAC-SHA256 in X-Insta-Signature")
    smtp_url: SecretStr | None = Field(None, description="smtp(s)://user:password@host:port")
    email_from: str | None = Field(None, description="sender of ticket mail")
    email_to: str | None = Field(None, description="recipient of ticket mail")


class ServiceSettings(BaseSettings):
    """The installation: where it lives and how it is reached."""

    model_config = _env("INSTA_")
    env: Literal["development", "production"] = Field(
        "development", description="production refuses emulators, default keys and open doors"
    )
    data_dir: Path = Field(Path(".data"), description="where the embedded default keeps everything")
    host: str = Field("127.0.0.1", description="address the web page and API listen on")
    port: int | None = Field(None, ge=1, le=65535, description="their port; empty takes 8080 or a free one")
    public_url: str | None = Field(None, description="the address people open, behind your proxy")
    allowed_origins: CommaSeparated = Field(
        (), description="other web origins that may use the API, comma separated; never *"
    )
    trusted_proxies: CommaSeparated = Field(
        (), description="proxy addresses whose X-Forwarded-For is believed, comma separated"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")


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
    def signup_rule(self) -> SignupRule:
        """Who may call, by this process's own sign-in."""
        return self.signup.rule(emulator=bool(self.firebase.auth_emulator_host))


@lru_cache
def get_settings() -> Settings:
    """This process's settings; ConfigurationError when a value cannot be taken or `.env` cannot be read."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError(wrong_values(globals()[error.title], error)[0][1]) from None  # its text shows values
    except (OSError, UnicodeDecodeError) as error:
        place = getattr(error, "filename", None) or ".env"
        raise ConfigurationError(
            f"{place} cannot be read. Give this user the right to, and save it as UTF-8."
        ) from error
    if settings.google.application_credentials:  # Google's libraries look in the environment, not in `.env`
        os.environ.setdefault("GOOGLE_APPLICATION_CREDENTIALS", str(settings.google.application_credentials))
    return settings
