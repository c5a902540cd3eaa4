"""Turns as a peer writes them down while they happen, and as they are read afterwards: a line of JSON each."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

from bench.latency.side import Turn

WRITTEN_TO: Final = "BENCH_WRITTEN_TO"
"""The variable that names a process its file."""


class Written:
    """The file of one side, in which calls are told apart by their id."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(
        self, call_id: str, speaker: Literal["caller", "assistant"], text: str, *, interrupted: bool = False
    ) -> None:
        """A turn that ends now."""
        turn = Turn(time.monotonic(), speaker, text, interrupted)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"call_id": call_id, **asdict(turn)}) + "\n")

    def turns(self, call_id: str) -> list[Turn]:
        """Those of a call so far."""
        if not self._file.exists():
            return []
        lines = [json.loads(line) for line in self._file.read_text("utf-8").splitlines()]
        return [Turn(**line) for line in lines if line.pop("call_id") == call_id]
