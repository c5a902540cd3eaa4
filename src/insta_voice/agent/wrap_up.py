"""The soft end of a call whose budget is spent: what is being said is heard to its end, and a person is told."""

import asyncio
import logging

from insta_voice.agent.prompts import sentence
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.calls import get_call, open_ticket
from insta_voice.calls.briefing import brief, subject_of
from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

# An answer takes half of it. With the ticket and the goodbye it stays below the minute in which somebody who was
# disabled has to be out of their call: nothing else ends a call that ends already.
_QUIET_WITHIN_S = 30.0
_QUIET_FOR_S = 0.5  # between a question and its answer there is a moment in which neither is under way
_LOOKED_EVERY_S = 0.05
_TICKET_WITHIN_S = 4.0


async def until_quiet(speech: Speech) -> None:
    """Wait until nobody speaks and nothing is about to be said."""
    looks = round(_QUIET_FOR_S / _LOOKED_EVERY_S)
    quiet = 0
    try:
        async with asyncio.timeout(_QUIET_WITHIN_S):
            while quiet < looks:
                quiet = quiet + 1 if speech.quiet() else 0
                await asyncio.sleep(_LOOKED_EVERY_S)
    except TimeoutError:
        log.warning("the call is wound up although it never was quiet")


async def parting_sentence(state: CallState) -> str:
    """Leave a ticket. Gives the name of the sentence to say: it promises that somebody will write only where somebody
    will.
    """
    return "budget_goodbye" if await _leave_ticket(state) else "budget_goodbye_contact"


async def _leave_ticket(state: CallState) -> bool:
    if not state.can_deliver_tickets:
        return False
    try:
        async with asyncio.timeout(_TICKET_WITHIN_S):
            turns = (await get_call(state.db, state.user_id, state.call_id)).turns
            await open_ticket(
                state.db,
                user_id=state.user_id,
                call_id=state.call_id,
                subject=subject_of(turns) or sentence("budget_ticket"),
                briefing=brief(turns),
                key=f"budget:{state.call_id}",
            )
    except (InstaVoiceError, TimeoutError) as error:
        log.warning("no ticket could be left: %s", type(error).__name__)
        return False
    return True
