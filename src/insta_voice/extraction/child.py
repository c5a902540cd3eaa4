"""One document in one child: it gives up everything but memory, reads, writes what it found, and ends."""

import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.bounds import Bounds, too_slow
from insta_voice.extraction.found import Found
from insta_voice.extraction.kinds import Kind
from insta_voice.extraction.wire import MISUNDERSTOOD, answer, refusal, understand

Reader = Callable[[bytes], Sequence[Found]]


def read_in_child(readers: Mapping[Kind, Reader], kind: Kind, data: bytes, bounds: Bounds) -> bytes:
    """Fork, let the child read, and pass on what it wrote, or what became of it."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(inlet)
            _give_up_everything(bounds)
            _write(outlet, _read(readers[kind], kind, data))
        finally:
            os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as pipe:
        payload = pipe.read(bounds.output_bytes + 1)
    if len(payload) > bounds.output_bytes:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return refusal(too_slow(bounds.cpu_seconds))
    if len(payload) > bounds.output_bytes:
        return refusal("It holds more text than can be read at once: split it.")
    return payload if _is_whole(payload) else refusal(_damaged(kind), "the child ended before its answer")


def _give_up_everything(bounds: Bounds) -> None:
    """No file and no socket can be opened from here on, by no code whatever: there is no number left for one. No
    process can be started either, but by root."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        _lower(limit, 0, 0)
    if sys.platform != "darwin":  # which knows this limit and does not keep it
        _lower(resource.RLIMIT_AS, bounds.memory_bytes, bounds.memory_bytes)
    # The signal that says why comes at the first, the one that ends whatever ignores it a second later.
    _lower(resource.RLIMIT_CPU, bounds.cpu_seconds, bounds.cpu_seconds + 1)


def _lower(limit: int, soft: int, hard: int) -> None:
    """The system may have set a lower one; raising it is not allowed."""
    _, given = resource.getrlimit(limit)
    most = hard if given == resource.RLIM_INFINITY else min(hard, given)
    resource.setrlimit(limit, (min(soft, most), most))


def _read(reader: Reader, kind: Kind, data: bytes) -> bytes:
    try:
        return answer(reader(data))
    except InvalidInputError as error:
        return refusal(error.message)
    except MemoryError:
        return refusal("Reading it takes more memory than a document may have: split it, or save it anew.")
    except Exception as error:  # whatever a parser of others raises for a document that is damaged
        return refusal(_damaged(kind), type(error).__name__)


def _damaged(kind: Kind) -> str:
    return f"It cannot be read as {kind}, it is damaged: save it anew with the program that made it."


def _write(outlet: int, payload: bytes) -> None:
    rest = memoryview(payload)
    while rest:
        rest = rest[os.write(outlet, rest) :]


def _is_whole(payload: bytes) -> bool:
    try:
        understand(payload)
    except InvalidInputError:
        return True
    except MISUNDERSTOOD:
        return False
    return True
