"""What runs beside us, and is started here where it is not named: database, media server, sign-in."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from insta_voice.settings.base import env


class DatabaseSettings(BaseSettings):
    """Postgres ≥ 15 with pgvector: Supabase, your own, or empty for the embedded one."""

    model_config = env("DATABASE_")
    url: SecretStr | None = Field(None, description="postgresql:// address; empty starts the embedded Postgres")
    pool_max_size: int = Field(10, ge=1, description="connections a process may hold")
    connect_timeout_s: float = Field(5.0, gt=0, description="seconds to wait for a connection before saying so")


class LiveKitSettings(BaseSettings):
    """The media server: LiveKit Cloud, your own, or empty for the embedded one."""

    model_config = env("LIVEKIT_")
    url: str | None = Field(None, description="ws(s):// address; empty starts the embedded livekit-server")
    public_url: str | None = Field(None, description="the address browsers use when it is not LIVEKIT_URL")
    api_key: str | None = Field(None, description="LiveKit API key")
    api_secret: SecretStr | None = Field(None, description="LiveKit API secret")
    agent_name: str = Field("insta-voice", description="the name calls are dispatched to")
    server_binary: Path | None = Field(None, description="a livekit-server to use instead of the one set-up brings")


class FirebaseSettings(BaseSettings):
    """Who may sign in: a Firebase project, or empty for the Auth emulator with demo users."""

    model_config = env("FIREBASE_")
    project_id: str | None = Field(None, description="Firebase project id; empty starts the Auth emulator")
    web_api_key: str | None = Field(None, description="the web app's public API key, handed to the page")
    auth_domain: str | None = Field(None, description="the web app's authDomain, handed to the page")
    auth_emulator_host: str | None = Field(None, description="host:port of an emulator; refused in production")
    check_revoked: bool = Field(False, description="ask Firebase on each token whether it was revoked")


class GoogleSettings(BaseSettings):
    """What Google's libraries need to act in your project's name; only FIREBASE_CHECK_REVOKED asks for it."""

    model_config = env("GOOGLE_")
    application_credentials: Path | None = Field(None, description="a service account's JSON file")
