"""The embedded media server: which binary, with which keys, and a configuration that stays on loopback."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from insta_voice.errors import ConfigurationError
from insta_voice.settings import LiveKitSettings

CHECKOUT = Path(__file__).resolve().parents[3]
_SECRET_BYTES = 32  # 256 bits, what HS256 wants (RFC 7518, 3.2)


@dataclass(frozen=True, slots=True)
class LiveKitKeys:
    """What tokens and webhooks of this installation are signed with."""

    api_key: str
    api_secret: str


def livekit_binary(settings: LiveKitSettings) -> Path:
    """LIVEKIT_SERVER_BINARY, then PATH, then what set-up built."""
    if settings.server_binary:
        if not settings.server_binary.is_file():
            raise ConfigurationError(
                f"LIVEKIT_SERVER_BINARY is {settings.server_binary} and there is no such file. Correct it."
            )
        return settings.server_binary
    on_path = shutil.which("livekit-server")
    built = CHECKOUT / ".tools" / "bin" / "livekit-server"
    if on_path or built.is_file():
        return Path(on_path or built)
    raise ConfigurationError("There is no livekit-server here: run `make setup`, or set LIVEKIT_URL.")


def load_or_make_keys(folder: Path) -> LiveKitKeys:
    """The keys of this data directory, random and made once."""
    file = folder / "keys.json"
    if not file.is_file():
        made = {"api_key": f"insta{secrets.token_hex(6)}", "api_secret": secrets.token_hex(_SECRET_BYTES)}
        write_private(file, json.dumps(made))
    return LiveKitKeys(**json.loads(file.read_text()))


def livekit_config(*, port: int, udp_port: int, keys: LiveKitKeys, webhook_url: str) -> dict[str, Any]:
    """livekit-server's configuration. Source of the names: its config-sample.yaml at v1.13.5."""
    return {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "rtc": {
            # Media goes over one UDP port on loopback. TCP cannot be bound to an address at all (it listens on every
            # interface), so it is off: on one machine UDP always works.
            "udp_port": udp_port,
            "tcp_port": 0,
            "allow_tcp_fallback": False,
            "node_ip": "127.0.0.1",
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "ips": {"includes": ["127.0.0.0/8"]},
        },
        "room": {
            # Our token service names the room and its dispatch; the numbers there count, these are for strays.
            "auto_create": True,
            "empty_timeout": 30,
            "departure_timeout": 10,
        },
        # The server never asks again once it found no worker below this load, and its own default of 0.7 hides
        # ours. Our worker reports calls held against calls it can hold, so only a full one is to be skipped.
        "agents": {"target_load": 0.99},
        "webhook": {"api_key": keys.api_key, "urls": [webhook_url]},
        # Warnings name participants, and a caller's name belongs into no log (promise 32).
        "logging": {"level": "error", "pion_level": "error", "json": False},
        "keys": {keys.api_key: keys.api_secret},
    }


def write_livekit_config(folder: Path, config: dict[str, Any]) -> Path:
    """Write it where only we can read it: it holds the keys."""
    file = folder / "livekit.yaml"
    write_private(file, yaml.safe_dump(config, sort_keys=False))
    return file


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    os.replace(partial, file)
