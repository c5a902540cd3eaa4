"""Us: the demo company's customer calls, as `insta-voice demo` does."""

import asyncio
from datetime import datetime
from typing import Any

from bench.latency.side import Invitation, Turn, monotonic_s

from insta_voice.demo.customer import Customer, Installation

NAME = "us"
_CUSTOMER = "maya@tidewater.example"
_ENDED_WITHIN_S = 20.0
_POLL_S = 0.25


class Ours:
    """An installation that runs, with the demo company's articles and people."""

    name = NAME

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def invite(self) -> Invitation:
        """Signed in anew each time: a sign-in lasts an hour, a run may be longer."""
        async with Customer(self._installation, _CUSTOMER) as customer:
            token = await customer.join_token()
        return Invitation(token["server_url"], token["participant_token"], token["call_id"])

    async def turns(self, call_id: str) -> list[Turn]:
        """As the record has them, once the call is over there too: nobody may hold two at once."""
        async with Customer(self._installation, _CUSTOMER) as customer, asyncio.timeout(_ENDED_WITHIN_S):
            while True:
                call = await customer.call(call_id)
                if call["ended_at"]:
                    return [_turn(turn) for turn in call["turns"]]
                await asyncio.sleep(_POLL_S)


def _turn(recorded: dict[str, Any]) -> Turn:
    return Turn(
        monotonic_s(datetime.fromisoformat(recorded["started_at"]).timestamp()),
        "caller" if recorded["speaker"] == "caller" else "assistant",
        recorded["text"],
        recorded["interrupted"],
        recorded["timings_ms"],
    )
