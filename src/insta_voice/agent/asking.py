"""How a finished turn of the caller is put to the mind, spoken or typed.

A language model gets its evidence in `Assistant.llm_node`. A realtime model has no such place: its evidence is part of
the instructions for this one response, so that it answers in one pass, and is gone with it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from livekit.agents import NOT_GIVEN, AgentSession, llm, utils

from insta_voice.agent.evidence import Found, as_material
from insta_voice.agent.prompts import NO_EVIDENCE
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.session import realtime_session_of
from insta_voice.agent.state import CallState

log = logging.getLogger(__name__)

_THERE_WITHIN_S = 2.0  # it takes milliseconds
_COMMIT_TIMEOUT_S = 1.0  # the final transcript is handed over right before the commit: it is there at once


class Asking:
    """One per call."""

    def __init__(self, session: AgentSession[CallState], state: CallState, journal: Journal) -> None:
        self._session = session
        self._state = state
        self._journal = journal
        self._turn = 0
        self.realtime_asked: Callable[[Reply], None] = lambda reply: None
        self.mind_there = asyncio.Event()  # not in the moment in which another one takes the session over
        self.mind_there.set()

    async def spoken(self, text: str) -> bool:
        """The caller's turn is over and was written down. To be called when `until_interruptible` returns. False when
        the caller went on before the mind was asked.
        """
        turn = self.withdraw()
        if not self._realtime:
            await self._session.commit_user_turn(transcript_timeout=_COMMIT_TIMEOUT_S, stt_flush_duration=0.0)
            return True
        found = await self._evidence(text)
        if turn == self._turn and (model := realtime_session_of(self._session)) is not None:
            model.heard(text)
        await self._session.commit_user_turn(
            transcript_timeout=_COMMIT_TIMEOUT_S, stt_flush_duration=0.0, skip_reply=True
        )
        if turn != self._turn:
            return False
        self._session.generate_reply(instructions=_material(found), input_modality="audio")
        self._asked(text, found)
        return True

    async def typed(self, text: str) -> None:
        """Write down what was typed and answer it."""
        self.withdraw()
        self._journal.caller_said(text, kind="typed")
        await self.until_interruptible()
        await self._session.interrupt()
        if not self._realtime:
            self._session.generate_reply(user_input=text, input_modality="text")
            return
        found = await self._evidence(text)
        self._session.generate_reply(user_input=text, instructions=_material(found), input_modality="text")
        self._asked(text, found)

    def withdraw(self) -> int:
        """The caller goes on: a turn for which evidence is still being searched is not answered. A realtime model has
        no reply yet that could be interrupted. Gives the number of the turn that begins.
        """
        self._turn += 1
        return self._turn

    async def until_interruptible(self) -> None:
        """Wait while something is said to its end, or another mind takes over: the session refuses what comes then, and
        forgets it.
        """
        await self.until_mind_there()
        while (speech := self._session.current_speech) is not None and not speech.allow_interruptions:
            await speech.wait_for_playout()
            await asyncio.sleep(0)  # a finished speech is the current one until the session's next step

    async def until_mind_there(self) -> None:
        """Wait while another mind takes the session over."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.mind_there.wait(), _THERE_WITHIN_S)

    @property
    def _realtime(self) -> bool:
        return isinstance(self._session.current_agent.llm or self._session.llm, llm.RealtimeModel)

    async def _evidence(self, text: str) -> Found:
        found = await self._state.evidence.for_turn(utils.shortuuid("turn_"), text)
        if found.error is not None:
            log.warning("no evidence for this turn: %s %s", found.error.code, found.error.detail)
        return found

    def _asked(self, text: str, found: Found) -> None:
        """What the model was given is what it speaks from: it does not say more exactly. `text` is all of the turn; the
        journal knows of its last part.
        """
        reply = self._journal.reply
        assert reply is not None, "the session has announced its reply"
        reply.question = text
        reply.timings_ms.setdefault("retrieval_ms", found.took_ms)
        reply.searched(found.evidence)
        reply.cite(found.evidence)
        self.realtime_asked(reply)


def _material(found: Found) -> Any:
    if found.error is not None:
        return NO_EVIDENCE
    return as_material(found.evidence) if found.evidence else NOT_GIVEN
