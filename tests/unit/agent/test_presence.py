"""Which of two agents in a room stays. Two that came together both stepped back once, and the caller had nobody until
the watcher asked for a third.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit import rtc

from insta_voice.agent.dispatch import Superseded
from insta_voice.agent.presence import Presence
from insta_voice.agent.tasks import Tasks

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AGENT = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
PERSON = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD


@dataclass(frozen=True)
class Someone:
    """A participant as LiveKit shows it to the others."""

    identity: str
    joined_ms: int = 0
    kind: Any = AGENT

    @property
    def joined_at(self) -> datetime:
        return NOON + timedelta(milliseconds=self.joined_ms)


@dataclass
class Room:
    """What one agent sees."""

    local_participant: Someone
    others: tuple[Someone, ...]
    remote_participants: dict[str, Someone] = field(init=False)

    def __post_init__(self) -> None:
        self.remote_participants = {other.identity: other for other in self.others}

    def on(self, event: str, heard: object) -> None:
        """Nothing happens in this room."""


async def stays(me: Someone, *others: Someone) -> bool:
    context = cast(Any, SimpleNamespace(room=Room(me, others)))
    presence = Presence(context, "maya", Tasks(), lambda: None)
    try:
        presence.refuse_second()
    except Superseded:
        return False
    return True


CALLER = Someone("maya", kind=PERSON)


@pytest.mark.parametrize("late_ms", [1, 0], ids=["one came a millisecond later", "in the same millisecond"])
@pytest.mark.parametrize(("first", "second"), [("agent-a", "agent-b"), ("agent-b", "agent-a")])
async def test_of_two_that_see_each_other_one_stays(first: str, second: str, late_ms: int) -> None:
    one, other = Someone(first, 5), Someone(second, 5 + late_ms)
    stayed = [await stays(one, CALLER, other), await stays(other, CALLER, one)]
    assert stayed.count(True) == 1
    if late_ms:
        assert stayed == [True, False]  # the later one saw the earlier in any case; it may not have been seen


async def test_one_that_comes_late_steps_back_and_people_are_no_agents() -> None:
    holder, late = Someone("agent-z"), Someone("agent-a", 60_000)
    assert not await stays(late, CALLER, holder)
    assert await stays(late, CALLER)
