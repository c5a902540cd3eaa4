"""Where the installation lives and how it is reached."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from insta_voice.settings.base import CommaSeparated, env


class ServiceSettings(BaseSettings):
    """The installation: where it lives and how it is reached."""

    model_config = env("INSTA_")
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
