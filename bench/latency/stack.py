"""Everything that answers, brought up as `insta-voice up` does and gone with this process, however that ends."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from insta_voice.doctor.known import known_variables
from insta_voice.settings import Settings
from insta_voice.stack.livekit_config import CHECKOUT
from insta_voice.stack.logs import LogStream
from insta_voice.stack.up import Plan, up
from insta_voice.stack.up_file import Addresses, read_up_file, up_file

READY_WITHIN_S = 300.0  # a first start on two busy cores: initdb, every model, every article, the peers' models
_POLL_S = 0.2
_LOG = "bench.log"
_KEPT = ("LIVEKIT_SERVER_BINARY", "VOICE_MODELS_DIR")
# One customer calls all the time: what bounds a person is measured elsewhere.
_ONE_CALLS_OFTEN = {
    "LIMIT_TOKENS_PER_MINUTE": "600",
    "LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS": "600",
    "LIMIT_MINUTES_PER_DAY": "6000",
}
T = TypeVar("T")


@contextmanager
def temporary() -> Iterator[Path]:
    """A data directory for one run."""
    with tempfile.TemporaryDirectory(prefix="insta-voice-") as folder:
        Path(folder).chmod(0o711)  # root's Postgres runs as another user, who must pass through here
        yield Path(folder)


def stand_alone(data_dir: Path) -> None:
    """Leave the settings of whoever started us behind, in the environment and in `.env`."""
    models = Path(os.environ.get("VOICE_MODELS_DIR", CHECKOUT / ".tools" / "models")).absolute()
    for name in known_variables():
        if name not in _KEPT:
            os.environ.pop(name, None)
    os.environ |= {
        "INSTA_DATA_DIR": str(data_dir),
        "VOICE_MODELS_DIR": str(models),
        **_ONE_CALLS_OFTEN,
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    os.chdir(data_dir)


async def run_beside(data_dir: Path, plan: Plan, work: Callable[[Addresses], Awaitable[T]]) -> T:
    """Do `work` beside everything of `plan`; SystemExit when that was told to stop meanwhile (Ctrl-C)."""
    log_file = data_dir / _LOG
    up_file(data_dir).unlink(missing_ok=True)
    with log_file.open("w") as stream:
        everything = asyncio.create_task(up(Settings(), LogStream(stream), plan=plan), name="stack")
        ready = asyncio.create_task(_addresses(data_dir), name="wait until ready")
        try:
            await asyncio.wait({everything, ready}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                working = asyncio.ensure_future(work(ready.result()))
                await asyncio.wait({everything, working}, return_when=asyncio.FIRST_COMPLETED)
                if up_file(data_dir).exists():  # it goes first when everything is stopped, and `work` fails then
                    return working.result()
                await _ended(working)
            await everything
            raise SystemExit(f"stopped; the parts' last words are in {log_file}")
        finally:
            await _ended(ready)
            await _ended(everything)


async def _addresses(data_dir: Path) -> Addresses:
    async with asyncio.timeout(READY_WITHIN_S):
        while True:
            if addresses := read_up_file(data_dir):
                return addresses
            await asyncio.sleep(_POLL_S)


async def _ended(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    await asyncio.wait({task})
