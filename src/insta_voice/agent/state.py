"""What one call knows: who calls, what is known of them, and what was found for the turn. `userdata`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from livekit.agents.voice import SpeechHandle

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.prompts import sentence
from insta_voice.customers import Profile, Summary
from insta_voice.customers.accounts import CallAccount
from insta_voice.db import Database
from insta_voice.knowledge import Evidence
from insta_voice.languages import ENGLISH, Language
from insta_voice.settings import Settings


async def _to_nobody(evidence: tuple[Evidence, ...]) -> None:
    """Before there is an answer that could show it."""


def _in_silence(answer: SpeechHandle, sentence_name: str) -> None:
    """Before there is anybody who could say something."""


@dataclass(slots=True)
class CallState:
    """`user_id` is the identity of the room's participant, checked against the call; no tool takes one."""

    call_id: UUID
    user_id: str
    settings: Settings
    db: Database
    evidence: TurnEvidence
    account: CallAccount
    consulted: Callable[[tuple[Evidence, ...]], Awaitable[None]] = _to_nobody  # what a tool found, while it answers
    account_read: Callable[[tuple[Evidence, ...]], Awaitable[None]] = _to_nobody  # what the turn had found by then
    tool_slow: Callable[[SpeechHandle, str], None] = _in_silence  # which sentence bridges the wait for an answer
    can_deliver_tickets: bool = False
    profile: Profile | None = None
    last_summary: Summary | None = None
    language: Language = ENGLISH

    def sentence(self, name: str, variant: int = 0) -> str:
        """What the app says to this caller: the authored sentence `name`, about the company."""
        company = self.settings.company
        values = {"company_name": company.company_name, "support_contact": company.support_contact}
        return sentence(name, variant, language=self.language, **values)

    @property
    def checks_answers(self) -> bool:
        """Whether what a model says is held against what it was given."""
        return self.settings.knowledge.check_answers and self.language.local
