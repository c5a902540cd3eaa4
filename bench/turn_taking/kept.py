"""What was computed once and is the same each time: speech, verdicts and words, in files of the temporary directory."""

import hashlib
import inspect
import json
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

KEPT = Path(tempfile.gettempdir()) / "insta-voice-turn-taking"


def key_of(*parts: str | bytes) -> str:
    """A name for what these make."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def code_of(*modules: ModuleType) -> str:
    """Changes with their source."""
    return key_of(*(inspect.getsource(module) for module in modules))


class Kept:
    """One folder; with None nothing is kept beyond this object."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """None: it is still to be made."""
        if key not in self._values and self._folder is not None and (file := self._folder / key).exists():
            self._values[key] = file.read_bytes()
        return self._values.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Whole or not at all, also when the run is ended in between."""
        self._values[key] = value
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{key}.part"
            part.write_bytes(value)
            part.replace(self._folder / key)

    def get_json(self, key: str) -> Any | None:
        """Of what `put_json` kept."""
        value = self.get(key)
        return None if value is None else json.loads(value)

    def put_json(self, key: str, value: Any) -> None:
        """Anything but None, which says that it was never made."""
        self.put(key, json.dumps(value).encode())
