"""A realtime model speaks before it can be checked: what nothing supports is found once heard, and taken back."""

import logging

from livekit.agents import AgentSession

from insta_voice.agent.grounding.claims import unsupported
from insta_voice.agent.grounding.material import material_of
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState

log = logging.getLogger(__name__)


class Afterwards:
    """One per call."""

    def __init__(self, session: AgentSession[CallState], state: CallState, speech: Speech) -> None:
        self._session = session
        self._state = state
        self._speech = speech

    def check(self, reply: Reply, heard: str) -> tuple[str, ...]:
        """The sentences heard of `reply` that nothing supports; the app says so once it is quiet."""
        if not self._state.checks_answers:
            return ()
        own = {item.id for item in reply.handle.chat_items if item.type == "message"}
        before = [item for item in self._session.history.items if item.id not in own]
        found = unsupported(heard, material_of(self._state, before))
        if found:
            log.warning("%d sentences that nothing supports are taken back", len(found))
            self._speech.takes_back(sources_shown=bool(reply.sources))
        return found
