"""What one call knows: who calls, what is known of them, and what was found for the turn. `userdata`."""

from dataclasses import dataclass
from uuid import UUID

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.customers import Profile, Summary
from insta_voice.customers.accounts import CallAccount
from insta_voice.db import Database
from insta_voice.settings import Settings


@dataclass(slots=True)
class CallState:
    """`user_id` is the identity of the room's participant, checked against the call; no tool takes one."""

    call_id: UUID
    user_id: str
    settings: Settings
    db: Database
    evidence: TurnEvidence
    account: CallAccount
    can_deliver_tickets: bool = False
    profile: Profile | None = None
    last_summary: Summary | None = None
