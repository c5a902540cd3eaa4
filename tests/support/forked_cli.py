"""`insta-voice` as a process of its own that does not import itself first: forked from one that has, which is a second
sooner.

What is forked has imported every command and done nothing else. It gets its arguments, the whole environment, the
working directory and the output from whoever asks. The server ends with the process that started it.
"""

import asyncio
import atexit
import importlib
import json
import os
import pkgutil
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.documents import ROOT

_LONGEST_REQUEST = 1 << 20  # bytes
_ENDS_WITHIN_S = 300.0  # longer than any test may take
_STARTING = threading.Lock()


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str


async def run_cli(*arguments: str, env: Mapping[str, str], cwd: Path) -> Ran:
    """Run `insta-voice` with these arguments to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = await asyncio.to_thread(_ask, arguments, dict(env), cwd, (out.fileno(), err.fileno()))
        said = [file.seek(0) or file.read().decode() for file in (out, err)]
    return Ran(code, *said)


def _ask(arguments: tuple[str, ...], env: dict[str, str], cwd: Path, outputs: tuple[int, int]) -> int:
    asked = json.dumps({"arguments": arguments, "env": env, "cwd": str(cwd)}).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as to_server:
        to_server.settimeout(_ENDS_WITHIN_S)
        with _STARTING:
            to_server.connect(_server())
        socket.send_fds(to_server, [asked], outputs)
        answer = to_server.recv(1)
    assert answer, "the command was killed"
    return answer[0]


@cache
def _server() -> str:
    """The address of this process's own."""
    folder = tempfile.mkdtemp(prefix="forked-cli-")
    address = f"{folder}/socket"
    command = [sys.executable, "-m", "tests.support.forked_cli", address]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stdout.readline(), "it listens"
    atexit.register(shutil.rmtree, folder)
    atexit.register(server.communicate)
    return address


class _Command(socketserver.BaseRequestHandler):
    """In the fork."""

    def handle(self) -> None:
        request, outputs, *_ = socket.recv_fds(self.request, _LONGEST_REQUEST, 2)
        asked = json.loads(request)
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        for file, number in zip((os.open(os.devnull, os.O_RDONLY), *outputs), (0, 1, 2), strict=True):
            os.dup2(file, number)
        self.request.send(bytes([_exit_code(asked["arguments"])]))


def _exit_code(arguments: list[str]) -> int:
    from insta_voice.cli import main

    try:
        main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    socket_type = socket.SOCK_SEQPACKET
    block_on_close = False  # for a command that hangs


def _serve(address: str) -> None:
    import insta_voice.cli as cli

    for module in pkgutil.walk_packages(cli.__path__, "insta_voice.cli."):
        importlib.import_module(module.name)
    with _Server(address, _Command) as server:
        print("listening", flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
        server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
