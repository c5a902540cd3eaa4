"""The sides by name, and what has to run for those that are wanted, with the mind that was chosen."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.environment import CHECKOUT
from bench.latency import ours, without
from bench.latency.livekit_stock import AGENTS, LiveKitSide
from bench.latency.minds.mind import Mind, variables
from bench.latency.pipecat_stock import NAME as PIPECAT_NAME
from bench.latency.pipecat_stock import PIPECAT, PipecatSide
from bench.latency.rooms import MediaServer
from bench.latency.side import Side
from bench.latency.written import WRITTEN_TO
from tests.support.vendors import OPENAI_KEY

from insta_voice.demo.customer import Installation as Running
from insta_voice.settings import Settings
from insta_voice.stack.installation import Installation, plan_installation
from insta_voice.stack.parts import Part
from insta_voice.stack.ports import Ports

NAMES: Final = (ours.NAME, *AGENTS, PIPECAT_NAME)
CHOICES: Final = (*NAMES, *without.MECHANISMS)
_MODEL: Final = "bench-model"
_READY_WITHIN_S = 120.0  # on two cores that load every model meanwhile


class Planned:
    """The sides of a run: their processes are planned first, and asked for once they run."""

    def __init__(self, names: Sequence[str], mind: Mind, data_dir: Path) -> None:
        self._names = names
        self._mind = mind
        self._data_dir = data_dir
        self._media: MediaServer | None = None
        self._bots_port = 0

    def plan(self, settings: Settings, data_dir: Path, ports: Ports) -> Installation:
        """The whole product, a part more for each peer, and one for a mind that all of them ask."""
        installation = plan_installation(settings, data_dir, ports)
        path = os.pathsep.join(filter(None, (str(CHECKOUT), str(CHECKOUT / "src"), os.environ.get("PYTHONPATH"))))
        model_port = ports.choose(_MODEL)
        # The product's own parts are started with this very dictionary.
        installation.env |= variables(self._mind, f"http://127.0.0.1:{model_port}/v1", OPENAI_KEY)
        env = {**installation.env, "PYTHONPATH": path}
        if self._mind != "responder":
            command_of_model = [sys.executable, "-m", "bench.latency.minds.model", str(model_port)]
            installation.parts.append(Part(_MODEL, lambda: command_of_model, env, notifies=True))
        self._media = MediaServer(env["LIVEKIT_URL"], env["LIVEKIT_API_KEY"], env["LIVEKIT_API_SECRET"])
        for name in self._names:
            if name in AGENTS:
                command = [sys.executable, "-m", "bench.latency.livekit_agent", AGENTS[name]]
                installation.parts.append(self._peer(name, command, env))
            elif name in without.MECHANISMS:
                agent = {**env, **without.agent_variables(name)}
                installation.parts.append(self._peer(name, without.command(name), agent))
            elif name == PIPECAT_NAME:
                self._bots_port = ports.choose("bench-pipecat")
                command = [str(PIPECAT.python), "-m", "bench.latency.pipecat_bot", str(self._bots_port)]
                installation.parts.append(self._peer(name, command, env))
        return installation

    def sides(self) -> list[Side]:
        """In the order of the table."""
        assert self._media is not None
        return [self._side(name, self._media) for name in self._names]

    def _side(self, name: str, media: MediaServer) -> Side:
        if name == ours.NAME:
            return ours.Ours(Running.running_in(self._data_dir))
        if name in without.MECHANISMS:
            return without.Without(name, Running.running_in(self._data_dir), media)
        if name == PIPECAT_NAME:
            return PipecatSide(f"http://127.0.0.1:{self._bots_port}", media, self._written_to(name))
        return LiveKitSide(name, AGENTS[name], media, self._written_to(name))

    def _peer(self, name: str, command: list[str], env: Mapping[str, str]) -> Part:
        return Part(
            f"bench-{name}",
            lambda: command,
            {**env, WRITTEN_TO: str(self._written_to(name))},
            needs=("livekit", "speech") if self._mind == "responder" else ("livekit", "speech", _MODEL),
            starts_after=("worker",),
            notifies=True,
            ready_within_s=_READY_WITHIN_S,
        )

    def _written_to(self, name: str) -> Path:
        return self._data_dir / f"{name}.jsonl"
