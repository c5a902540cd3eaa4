"""What one call knows: who calls, what was found for the turn, and the parts that record and end it. `userdata`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.customers import Profile, Summary
from insta_voice.db import Database
from insta_voice.settings import Settings

if TYPE_CHECKING:
    pass

Session = "AgentSession[CallState]"


@dataclass(slots=True)
class CallState:
    """`user_id` is the identity of the room's participant, checked against the call; no tool takes one."""

    call_id: UUID
    user_id: str
    settings: Settings
    db: Database
    evidence: TurnEvidence
    can_deliver_tickets: bool = False
    profile: Profile | None = None
    last_summary: Summary | None = None
    end: Callable[[str], None] = field(default=lambda reason: None)
