"""Us without one mechanism: a worker of its own, on everything else that is ours, under a name of its own.

The product sends every call to the one agent that its settings name. So the join token it gives is signed anew here
with another agent's name in it; room, record and caller stay as they are.
"""

import sys
from collections.abc import Collection
from dataclasses import replace
from typing import Final

import jwt
from bench.latency.ours import NAME, Ours
from bench.latency.rooms import MediaServer
from bench.latency.side import Invitation

from insta_voice.agent.mechanisms import NAMES
from insta_voice.demo.customer import Installation

MECHANISMS: Final = {f"{NAME}-without-{mechanism}": mechanism for mechanism in NAMES}
"""What is left out, by the names of the sides."""

ALL: Final = "all"


def sides(mechanisms: Collection[str]) -> list[str]:
    """Us, and us without each of `mechanisms`; `ALL` is every one."""
    return [NAME, *(side for side, mechanism in MECHANISMS.items() if ALL in mechanisms or mechanism in mechanisms)]


class Without(Ours):
    """A side whose worker is `command`, started with `agent_variables`."""

    def __init__(self, name: str, installation: Installation, media: MediaServer) -> None:
        super().__init__(installation)
        self.name = name
        self._media = media

    async def invite(self) -> Invitation:
        """As any of our calls, but for who is sent there."""
        invitation = await super().invite()
        return replace(invitation, token=sent_to(self.name, invitation.token, self._media.api_secret))


def command(name: str) -> list[str]:
    """What the worker of a side is started with."""
    return [sys.executable, "-m", "bench.latency.our_worker", MECHANISMS[name]]


def agent_variables(name: str) -> dict[str, str]:
    """The settings in which that worker differs: calls find it by the side's name."""
    return {"LIVEKIT_AGENT_NAME": name}


def sent_to(agent_name: str, token: str, secret: str) -> str:
    """The join token with all it says, but for the name of the agent that is sent to its room."""
    claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})
    (agent,) = claims["roomConfig"]["agents"]
    agent["agentName"] = agent_name
    return jwt.encode(claims, secret, "HS256")
