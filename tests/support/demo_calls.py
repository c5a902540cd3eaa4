"""Calls of the demo customer on a whole running stack, as the page would make them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from tests.support.stack import RunningStack

from insta_voice.demo.caller import Caller
from insta_voice.demo.customer import Customer, Installation
from insta_voice.errors import InstaVoiceError

CUSTOMER = "maya@tidewater.example"
WHOLE_AGAIN_WITHIN_S = 90.0  # the worker's models, twice as long as on an idle machine
_ASKS_AGAIN_AFTER_S = 6.5  # ten tokens a minute are allowed


@dataclass(frozen=True)
class DemoCall:
    """A call under way, with what its customer may read."""

    customer: Customer
    caller: Caller
    call_id: str
    token: str


@asynccontextmanager
async def calling(stack: RunningStack) -> AsyncIterator[DemoCall]:
    """Join as the demo customer; hangs up at the end."""
    async with Customer(Installation.running_in(stack.data_dir), CUSTOMER) as customer, Caller() as caller:
        token = await _join_token(customer)
        await caller.join(token["server_url"], token["participant_token"])
        yield DemoCall(customer, caller, token["call_id"], token["participant_token"])


async def whole(stack: RunningStack) -> None:
    """Wait until the stack says that it is ready for calls."""
    async with httpx.AsyncClient(base_url=stack.up["url"]) as client, asyncio.timeout(WHOLE_AGAIN_WITHIN_S):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)


async def _join_token(customer: Customer) -> dict[str, str]:
    """A token; the call before it may still be closing, which counts for the limit of one call at a time."""
    deadline = time.monotonic() + WHOLE_AGAIN_WITHIN_S
    while True:
        try:
            return await customer.join_token()
        except InstaVoiceError:
            assert time.monotonic() < deadline, "no token for the demo customer"
            await asyncio.sleep(_ASKS_AGAIN_AFTER_S)
