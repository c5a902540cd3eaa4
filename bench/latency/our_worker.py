"""The product's worker without one mechanism: `python -m bench.latency.our_worker drafts`."""

import asyncio
import sys

from insta_voice.agent.mechanisms import Mechanisms
from insta_voice.agent.worker.server import run_worker
from insta_voice.settings import get_settings
from insta_voice.telemetry import configure_logging


async def nothing() -> None:
    """The product's own worker, beside which this one runs, says what is wrong with the providers."""


if __name__ == "__main__":
    configure_logging("worker")
    asyncio.run(run_worker(get_settings(), nothing, Mechanisms.without(sys.argv[1])))
