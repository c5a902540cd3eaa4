"""`<data dir>/up.json`: where everything is, for tools and tests; there only while `insta-voice up` is ready."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from insta_voice.stack.livekit_config import write_private


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Someone who can sign in."""

    email: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts are. `database_url` is the owner's: with it one can read and repair everything."""

    url: str
    livekit_url: str
    database_url: str
    auth_emulator: str | None
    speech_url: str | None
    demo_users: tuple[DemoLogin, ...]


def up_file(data_dir: Path) -> Path:
    """The file of this data directory."""
    return data_dir / "up.json"


def write_up_file(data_dir: Path, addresses: Addresses) -> None:
    """Say that everything is ready. Only its owner may read it: it holds the database's password."""
    write_private(up_file(data_dir), json.dumps(asdict(addresses), indent=2))


def read_up_file(data_dir: Path) -> Addresses | None:
    """What a running `up` wrote, or None. A killed one may have left it: ask the lock who is alive."""
    try:
        written = json.loads(up_file(data_dir).read_text())
    except (OSError, ValueError):
        return None
    logins = tuple(DemoLogin(**login) for login in written.pop("demo_users"))
    return Addresses(**written, demo_users=logins)
