"""What runs: the whole product, and with the providers elsewhere, who plays them."""

import os
from collections.abc import Mapping
from pathlib import Path

from bench.density import remote
from bench.environment import CHECKOUT

from insta_voice.demo.microphone import Pcm
from insta_voice.settings import Settings
from insta_voice.stack.installation import Installation, plan_installation
from insta_voice.stack.parts import Part
from insta_voice.stack.ports import Ports

_QUESTIONS = "questions.json"


class Planned:
    """Of a run in `data_dir`, whose worker has `places` for calls (None: as many as the product says)."""

    def __init__(self, data_dir: Path, places: int | None, remotely: bool) -> None:
        self._questions = data_dir / _QUESTIONS
        self._places = places
        self._remotely = remotely

    def plan(self, settings: Settings, data_dir: Path, ports: Ports) -> Installation:
        """The parts. The product's own read their settings from what is added to its environment here."""
        installation = plan_installation(settings, data_dir, ports)
        if self._places is not None:
            installation.env["VOICE_MAX_CALLS"] = str(self._places)
        if self._remotely:
            port = ports.choose("bench-providers")
            path = os.pathsep.join(filter(None, (str(CHECKOUT), str(CHECKOUT / "src"), os.environ.get("PYTHONPATH"))))
            env = {**os.environ, "PYTHONPATH": path}
            command = remote.command(port, self._questions)
            installation.parts.append(Part("bench-providers", lambda: command, env, notifies=True))
            installation.env |= remote.variables(port)
        return installation

    def tell(self, spoken: Mapping[str, Pcm]) -> None:
        """What the callers will ask, for who plays the recogniser."""
        remote.write_questions(self._questions, spoken)
