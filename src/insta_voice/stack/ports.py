"""Which port each part listens on: as configured, else as last time, else a free one. Kept in `ports.json`."""

import json
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil

from insta_voice.errors import ConfigurationError
from insta_voice.stack.claims import claim

WEB = 8080
# Below the ports the kernel gives to outgoing connections (32768 on Linux): one of those could sit on ours
# while a part restarts.
CHOICES = range(18000, 32000)
_TRIES = 200


def is_free(port: int, host: str = "127.0.0.1", kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether a part could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as our parts do: TIME_WAIT is no hindrance
        try:
            probe.bind((host, port))
            if kind is socket.SOCK_STREAM:
                probe.listen(1)
        except OSError:
            return False
    return True


def refuse_taken(port: int, host: str, variable: str) -> None:
    """ConfigurationError with a sentence when a configured port is in use."""
    if not is_free(port, host):
        raise ConfigurationError(
            f"Port {port} is in use by {user_of(port)}. Stop it, or set {variable} to a free port, "
            f"for example {variable}={next(_free_ports(random.Random()))}."  # noqa: S311  (any free port will do)
        )


class Ports:
    """The ports of one installation."""

    def __init__(self, file: Path, *, chance: random.Random | None = None) -> None:
        self._file = file
        self._chance = chance or random.Random()  # noqa: S311  (a port is no secret)
        self._chosen: dict[str, int] = {}
        self.displaced: list[str] = []
        """A sentence for each part that people know by its port, and that is on another one this time."""

        try:
            self._last: dict[str, int] = json.loads(file.read_text())
        except (OSError, ValueError):
            self._last = {}

    def choose(
        self,
        name: str,
        *,
        first: int | None = None,
        host: str = "127.0.0.1",
        kind: socket.SocketKind = socket.SOCK_STREAM,
    ) -> int:
        """The port of `name`: last time's, else `first`, else any, whichever is free."""
        candidates = [self._last.get(name), first]
        for port in [p for p in candidates if p] + list(_shuffled(self._chance)):
            if port not in self._chosen.values() and is_free(port, host, kind) and claim(port):
                self._chosen[name] = port
                usual = self._last.get(name) or first
                if first and usual and port != usual:
                    self.displaced.append(f"{usual} is in use by {user_of(usual)}, so {name} is on {port}.")
                return port
        raise ConfigurationError(f"There is no free port between {CHOICES.start} and {CHOICES.stop} for {name}.")

    def keep(self) -> None:
        """Remember the choice for the next start."""
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps({**self._last, **self._chosen}, indent=2))
        os.replace(partial, self._file)


def _shuffled(chance: random.Random) -> Iterator[int]:
    yield from chance.sample(CHOICES, _TRIES)


def _free_ports(chance: random.Random) -> Iterator[int]:
    yield from (port for port in _shuffled(chance) if is_free(port))


def user_of(port: int) -> str:
    """Who listens there, by name and process id as far as we may see."""
    try:
        listening = [c for c in psutil.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        for connection in listening:
            if connection.laddr and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass  # seeing other users' sockets takes rights we may not have
    return "another program"
