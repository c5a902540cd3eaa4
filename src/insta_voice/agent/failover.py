"""A call whose realtime model fails goes on with the minds behind it: the same session, another agent."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from livekit.agents import AgentSession, ErrorEvent, llm
from livekit.agents.llm import RealtimeModelError
from openai.types.realtime import RealtimeError

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.agent.tasks import Tasks
from insta_voice.voice.realtime import RealtimeSession

log = logging.getLogger(__name__)

# OpenAI's first sound comes after 0.5 to 1 s. With the half second in which a turn ends, and the third that the local
# voice needs, who takes over is heard within the promised 4 s.
FIRST_SOUND_WITHIN_S = 3.0
# After a tool the caller has waited for that too: twice what a first sound takes.
SOUND_AFTER_TOOLS_WITHIN_S = 2.0
# A connection that was lost is back in 0.1 s, or at the next try, 2 s later.
BACK_WITHIN_S = 0.5
_HUSHED_WITHIN_S = 1.0


class Failover:
    """One per call in mode realtime. It happens once: the next call begins with the realtime model again."""

    def __init__(
        self,
        session: AgentSession[CallState],
        journal: Journal,
        speech: Speech,
        successor: Callable[[llm.ChatContext], Assistant],
    ) -> None:
        """`successor`: the agent with other minds, who knows what was said."""
        self._session = session
        self._journal = journal
        self._speech = speech
        self._successor = successor
        self._tasks = Tasks()
        self._begun = False
        self._tools_done = asyncio.Event()
        session.on("function_tools_executed", lambda _: self._tools_done.set())

    def session_error(self, event: ErrorEvent) -> None:
        """The session's event. An error that is final would end the session; one that is not may have cost the answer
        under way all the same.
        """
        if not isinstance(event.error, RealtimeModelError):
            return
        reply, error = self._journal.reply, event.error.error
        unanswered = reply if reply is not None and not reply.handle.done() else None
        if not event.error.recoverable or (unanswered is not None and _cost_the_answer(error)):
            self._begin(type(error).__name__, unanswered)
        event.error.recoverable = True

    def asked(self, reply: Reply) -> None:
        """The model has been asked, and is to be heard in time."""
        self._tasks.spawn(self._watch(reply), "first-sound")

    def stalled(self, reply: Reply) -> None:
        """The sound of an answer stopped coming."""
        self._begin("stalled", reply)

    async def aclose(self) -> None:
        await self._tasks.aclose()

    async def _watch(self, reply: Reply) -> None:
        if not await self._connected():
            self._begin("no connection", reply)
            return
        within_s, signs = FIRST_SOUND_WITHIN_S, 0
        while not reply.settled.is_set():
            tools_done = await self._settled_or_tools_done(reply, within_s)
            if not tools_done and len(reply.handle.chat_items) == signs:  # a tool called is a sign of life
                break
            within_s = SOUND_AFTER_TOOLS_WITHIN_S if tools_done else FIRST_SOUND_WITHIN_S
            signs = len(reply.handle.chat_items)
        if not (reply.sounded or reply.handle.interrupted):
            self._begin("no sound", reply)

    async def _connected(self) -> bool:
        """Whether the question can reach the model."""
        model = _model_of(self._session)
        if model is None:
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(model.connected.wait(), BACK_WITHIN_S)
        return model.connected.is_set()

    async def _settled_or_tools_done(self, reply: Reply, within_s: float) -> bool:
        """Wait for either; whether the model has what its tools found, and is to go on."""
        self._tools_done.clear()
        awaited = [asyncio.ensure_future(event.wait()) for event in (reply.settled, self._tools_done)]
        await asyncio.wait(awaited, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        for event in awaited:
            event.cancel()
        return self._tools_done.is_set()

    def _begin(self, why: str, unanswered: Reply | None) -> None:
        if not self._begun:
            self._begun = True
            self._tasks.spawn(self._take_over(why, unanswered), "failover")

    async def _take_over(self, why: str, reply: Reply | None) -> None:
        log.warning("the realtime model fails (%s): the call goes on without it", why)
        if (model := _model_of(self._session)) is not None:
            model.give_up()
        with contextlib.suppress(TimeoutError, RuntimeError):
            await asyncio.wait_for(self._session.interrupt(force=True), _HUSHED_WITHIN_S)
        self._journal.realtime_model = ""
        successor = self._successor(_said(self._session.current_agent.chat_ctx, reply))
        successor.owes_answer = reply is not None
        if reply is not None and reply.sounded:
            self._speech.begins_again()
        self._session.update_agent(successor)


def _model_of(session: AgentSession[CallState]) -> RealtimeSession | None:
    """The connection that answers, while there is one."""
    try:
        model = session.current_agent.realtime_llm_session
    except RuntimeError:
        return None
    return model if isinstance(model, RealtimeSession) else None


def _cost_the_answer(error: Exception) -> bool:
    """A connection that is lost, or a response that failed; not an order that was refused, such as a late truncation.
    When that order was for the answer, nothing is heard of it, which is noticed too.
    """
    return not isinstance(getattr(error, "body", None), RealtimeError)


def _said(context: llm.ChatContext, unanswered: Reply | None) -> llm.ChatContext:
    """What was said in words; an open question is the last of it, without half an answer."""
    said = context.copy(exclude_instructions=True)
    # What the model heard itself is an item without words; they came from recognition, as another.
    items = [item for item in said.items if item.type != "message" or item.text_content]
    if unanswered is not None:
        asked = [n for n, item in enumerate(items) if _is_question(item, unanswered.question)]
        items = items[: asked[-1]] if asked else items
    said.items = items
    if unanswered is not None:
        said.add_message(role="user", content=unanswered.question)
    return said


def _is_question(item: llm.ChatItem, words: str) -> bool:
    return item.type == "message" and item.role == "user" and item.text_content == words
