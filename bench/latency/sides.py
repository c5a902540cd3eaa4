"""The sides by name, and what has to run for those that are wanted."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.environment import CHECKOUT
from bench.latency import ours
from bench.latency.livekit_stock import AGENTS, LiveKitSide
from bench.latency.rooms import MediaServer
from bench.latency.side import Side
from bench.latency.written import WRITTEN_TO

from insta_voice.demo.customer import Installation as Running
from insta_voice.settings import Settings
from insta_voice.stack.installation import Installation, plan_installation
from insta_voice.stack.parts import Part
from insta_voice.stack.ports import Ports

NAMES: Final = (ours.NAME, *AGENTS)
_READY_WITHIN_S = 120.0  # on two cores that load every model meanwhile


class Planned:
    """The sides of a run: their processes are planned first, and asked for once they run."""

    def __init__(self, names: Sequence[str], data_dir: Path) -> None:
        self._names = names
        self._data_dir = data_dir
        self._media: MediaServer | None = None

    def plan(self, settings: Settings, data_dir: Path, ports: Ports) -> Installation:
        """The whole product, and a part more for each peer."""
        installation = plan_installation(settings, data_dir, ports)
        path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
        env = {**installation.env, "PYTHONPATH": path}
        self._media = MediaServer(env["LIVEKIT_URL"], env["LIVEKIT_API_KEY"], env["LIVEKIT_API_SECRET"])
        installation.parts += [self._agent(name, env) for name in AGENTS if name in self._names]
        return installation

    def sides(self) -> list[Side]:
        """In the order of the table."""
        assert self._media is not None
        sides: list[Side] = []
        for name in self._names:
            if name == ours.NAME:
                sides.append(ours.Ours(Running.running_in(self._data_dir)))
            else:
                sides.append(LiveKitSide(name, AGENTS[name], self._media, self._written_to(name)))
        return sides

    def _agent(self, name: str, env: Mapping[str, str]) -> Part:
        command = [sys.executable, "-m", "bench.latency.livekit_agent", AGENTS[name]]
        return Part(
            f"bench-{name}",
            lambda: command,
            {**env, WRITTEN_TO: str(self._written_to(name))},
            needs=("livekit", "speech"),
            notifies=True,
            ready_within_s=_READY_WITHIN_S,
        )

    def _written_to(self, name: str) -> Path:
        return self._data_dir / f"{name}.jsonl"
