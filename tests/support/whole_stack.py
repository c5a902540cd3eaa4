"""The stack that the end-to-end tests of the stack share: in its second run, as most starts are."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import psutil
import pytest
from tests.support.poll import eventually
from tests.support.settings import BRISK_VOICE
from tests.support.stack import RunningStack, start_stack

# One customer calls all the time: what bounds a person is tested elsewhere.
ONE_CALLS_OFTEN = {
    "LIMIT_TOKENS_PER_MINUTE": "600",
    "LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS": "600",
    "LIMIT_MINUTES_PER_DAY": "6000",
}


@dataclass(frozen=True)
class Restarted:
    """A stack in its second run, what the first one left behind, and how soon the page was back."""

    stack: RunningStack
    left_by_the_first: list[psutil.Process]
    page_after_s: float


@pytest.fixture(scope="session")
def restarted(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Restarted]:
    # `make fire` measures the assistant as it is.
    env = ONE_CALLS_OFTEN if pytestconfig.getoption("--whole", False) else {**ONE_CALLS_OFTEN, **BRISK_VOICE}
    data_dir = tmp_path_factory.mktemp("restarted") / "data"
    with start_stack(data_dir, env=env) as first:
        first.wait_ready()
        left = first.stop(signal.SIGINT)
    began = time.monotonic()
    with start_stack(data_dir, env=env) as later:
        eventually(lambda: answers(first.up["url"]), within_s=60, what="the page")  # how soon is the bench's business
        page_after_s = time.monotonic() - began
        later.wait_ready()
        yield Restarted(later, left, page_after_s)


@pytest.fixture(scope="session")
def stack(restarted: Restarted) -> RunningStack:
    return restarted.stack


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False
