"""What the checks look at: the settings, where they were written, and what runs in the data directory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from insta_voice.doctor.known import read_env_file
from insta_voice.doctor.network import Outside
from insta_voice.settings import LiveKitSettings, Settings
from insta_voice.stack.livekit_config import load_or_make_keys
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.up_file import Addresses, read_up_file


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a check may ask. `up` is there while `insta-voice up` is ready in the data directory."""

    settings: Settings
    directory: Path
    """Where commands are called, and so where `.env` is read."""

    variables: Mapping[str, str]
    """What the environment and `.env` say, in the order in which settings believe them."""

    outside: Outside = field(default_factory=Outside)
    up: Addresses | None = None

    @property
    def data_dir(self) -> Path:
        """INSTA_DATA_DIR, absolute."""
        return self.settings.service.data_dir.expanduser().absolute()

    @property
    def is_production(self) -> bool:
        """Whether INSTA_ENV is production."""
        return self.settings.service.env == "production"

    @property
    def is_supervised(self) -> bool:
        """Whether `up` is what runs the parts here: nothing names a database or a call server elsewhere."""
        return self.up is not None or not (self.settings.database.url and self.settings.livekit.url)

    @property
    def page_url(self) -> str | None:
        """Where people open the page, as far as we know."""
        return self.settings.service.public_url or (self.up.url if self.up else None)

    @property
    def speech_url(self) -> str | None:
        """The speech server: the configured one, or that of a running `up`."""
        return self.settings.voice.speech_url or (self.up.speech_url if self.up else None)

    @property
    def livekit(self) -> LiveKitSettings | None:
        """The call server with its keys: the configured one, or that of a running `up`; None when there is none."""
        configured = self.settings.livekit
        if configured.url:
            return configured
        if self.up is None:
            return None
        found: dict[str, object] = {"url": self.up.livekit_url}
        if not (configured.api_key and configured.api_secret):
            keys = load_or_make_keys(self.data_dir / "livekit")
            found |= {"api_key": keys.api_key, "api_secret": SecretStr(keys.api_secret)}
        return configured.model_copy(update=found)


def look_around(settings: Settings, *, outside: Outside | None = None) -> Surroundings:
    """The surroundings of this process."""
    directory = Path.cwd()
    written = read_env_file(directory / ".env")
    data_dir = settings.service.data_dir.expanduser().absolute()
    return Surroundings(
        settings,
        directory,
        {**(written.values if written else {}), **os.environ},
        outside=outside or Outside(),
        up=read_up_file(data_dir) if _up_runs(data_dir) else None,
    )


def _up_runs(data_dir: Path) -> bool:
    if not (data_dir / "up.lock").is_file():
        return False
    holder = DataDirLock(data_dir).holder()
    return holder.purpose == "up" and holder.alive
