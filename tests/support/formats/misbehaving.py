"""A process that reads documents as the product's does, with parsers that do what no parser should.

`python misbehaving.py`: the document says in a word what its parser does.
"""

import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from insta_voice.extraction.found import Found
from insta_voice.extraction.kinds import Kind
from insta_voice.extraction.serving import serve


def _hang() -> None:
    while True:
        pass


def _doze() -> None:
    signal.pause()


def _eat() -> None:
    eaten = []
    while True:
        eaten.append(bytes(10_000_000))


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _flood() -> Sequence[Found]:
    return [Found({"text": "word " * 1_000_000})]


def _call_home() -> None:
    socket.socket()


def _look_around() -> None:
    with open("/etc/hostname") as opened:
        opened.read()


def _say_what_it_knows() -> Sequence[Found]:
    return [Found({"text": " ".join(os.environ) or "nothing"})]


def _kill_its_parent() -> None:
    os.kill(os.getppid(), signal.SIGKILL)


def _chatter() -> None:
    os.write(1, b"12\nnobody asked for this")


def _speak_nonsense() -> Sequence[Found]:
    os.closerange(0, 1000)
    raise SystemExit


def _find(found: bytes) -> None:
    """Writes to whatever is open: the pipe to its parent is among it."""
    for number in range(3, 100):
        with suppress(OSError):
            os.write(number, found)
    os._exit(0)


_DEEDS: Mapping[bytes, Callable[[], Sequence[Found] | None]] = {
    b"hang": _hang,
    b"doze": _doze,
    b"eat": _eat,
    b"crash": _crash,
    b"flood": _flood,
    b"call home": _call_home,
    b"look around": _look_around,
    b"say what it knows": _say_what_it_knows,
    b"kill its parent": _kill_its_parent,
    b"chatter": _chatter,
    b"speak nonsense": _speak_nonsense,
    b"find no fields": lambda: _find(b'{"found": [{"fields": []}]}'),
    b"find nothing": lambda: _find(b'{"found": []}'),
    b"dig deep": lambda: _find(b"[" * 60_000),
}


def read(data: bytes) -> Sequence[Found]:
    """Do what the document says; a document that says nothing of this kind is read."""
    deed = _DEEDS.get(data)
    return (deed() if deed else None) or [Found({"text": data.decode()})]


if __name__ == "__main__":
    serve({Kind.HTML: read})
