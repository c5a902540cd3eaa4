"""The soft end of a call that cannot go on: what is being said is heard to its end, and a person is told."""

import asyncio
import logging
from typing import Final, Literal, NamedTuple

from insta_voice.agent.prompts import sentence
from insta_voice.agent.speech.quiet import quiet_moment
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.calls import get_call, open_ticket
from insta_voice.calls.briefing import brief, subject_of
from insta_voice.errors import InstaVoiceError

log = logging.getLogger(__name__)

# An answer takes half of it. With the ticket and the goodbye it stays below the minute in which somebody who was
# disabled has to be out of their call: nothing else ends a call that ends already.
_QUIET_WITHIN_S = 30.0
_TICKET_WITHIN_S = 4.0

Why = Literal["budget", "unable"]
"""Its budget is spent; or nobody can answer any more."""


class _Parting(NamedTuple):
    """Names of sentences."""

    promise: str
    contact: str
    subject: str  # of a ticket, where nothing was asked


_PARTINGS: Final[dict[Why, _Parting]] = {
    "budget": _Parting("budget_goodbye", "budget_goodbye_contact", "budget_ticket"),
    "unable": _Parting("unable_goodbye", "unable_goodbye_contact", "unable_ticket"),
}


async def until_quiet(speech: Speech) -> None:
    """Wait until nobody speaks and nothing is about to be said."""
    try:
        async with asyncio.timeout(_QUIET_WITHIN_S):
            await quiet_moment(speech.quiet)
    except TimeoutError:
        log.warning("the call is wound up although it never was quiet")


async def parting_sentence(state: CallState, why: Why = "budget") -> str:
    """Leave a ticket. Gives the name of the sentence to say: it promises that somebody will write only where somebody
    will.
    """
    parting = _PARTINGS[why]
    return parting.promise if await _leave_ticket(state, why, parting.subject) else parting.contact


async def _leave_ticket(state: CallState, why: Why, subject: str) -> bool:
    if not state.can_deliver_tickets:
        return False
    try:
        async with asyncio.timeout(_TICKET_WITHIN_S):
            turns = (await get_call(state.db, state.user_id, state.call_id)).turns
            await open_ticket(
                state.db,
                user_id=state.user_id,
                call_id=state.call_id,
                subject=subject_of(turns) or sentence(subject, language=state.settings.company.language),
                briefing=brief(turns),
                key=f"{why}:{state.call_id}",
            )
    except (InstaVoiceError, TimeoutError) as error:
        log.warning("no ticket could be left: %s", type(error).__name__)
        return False
    return True
