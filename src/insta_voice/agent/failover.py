"""A call whose realtime model fails goes on with the minds behind it: the same session, another agent."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from livekit.agents import APIConnectionError, APIError, ErrorEvent
from livekit.agents.llm import RealtimeModelError
from openai.types.realtime import RealtimeError

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.carried_over import for_stand_in
from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.restoration import Restoration
from insta_voice.agent.server_turns import ServerTurn
from insta_voice.agent.session import realtime_session_of
from insta_voice.agent.tasks import Tasks
from insta_voice.voice.realtime import RealtimeModel

log = logging.getLogger(__name__)

# OpenAI's first sound comes after 0.5 to 1 s. With the half second in which a turn ends, and the third that the local
# voice needs, who takes over is heard within the promised 4 s.
FIRST_SOUND_WITHIN_S = 3.0
# After a tool the caller has waited for that too: twice what a first sound takes.
SOUND_AFTER_TOOLS_WITHIN_S = 2.0
# A connection that was lost is back in 0.1 s, or at the next try, 2 s later.
BACK_WITHIN_S = 0.5
_HUSHED_WITHIN_S = 1.0
# A connection that is made again hears at once who speaks on: what they say meanwhile is kept for it.
_GOES_ON_WITHIN_S = 0.5
_WORDS_WITHIN_S = 0.8  # OpenAI has them half a second after a turn; a connection that is lost will not


class Failover:
    """One per call. It happens again when the model that came back fails again."""

    def __init__(self, dialogue: Dialogue) -> None:
        session = self._session = dialogue.session
        self._journal, self._speech = dialogue.journal, dialogue.speech
        self._successor = dialogue.successor
        self.give_up: Callable[[], None] | None = None  # in a call in which nobody can go on
        self._breaker = dialogue.breaker
        self._begun = dialogue.stands_in
        self._tasks = Tasks()
        self._tools_done = asyncio.Event()
        model, self._restoration = dialogue.realtime, None
        if isinstance(model, RealtimeModel) and dialogue.breaker is not None:
            self._restoration = Restoration(dialogue, model, dialogue.breaker, self._restored)
            if self._begun:
                self._restoration.begin()
        dialogue.asking.realtime_asked, dialogue.left_unanswered = self.asked, self.left_unanswered
        self._server_turns = dialogue.server_turns
        if self._server_turns is not None:
            self._server_turns.turn_over, self._server_turns.cut_off = self.turn_over, self.cut_off
        dialogue.assistant.realtime_stalled = self.stalled
        session.on("error", self.session_error)
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
            hopeless = isinstance(error, APIError) and not error.retryable
            self._begin(type(error).__name__, unanswered, hopeless=hopeless)
        elif self._server_turns is not None and isinstance(error, APIConnectionError):
            self._tasks.spawn(self._watch_connection(), "connection")  # without it nobody hears the caller
        event.error.recoverable = True

    def asked(self, reply: Reply, within_s: float | None = None) -> None:
        """The model has been asked, and is to be heard in time."""
        reply.handle.add_done_callback(lambda _: self._answered(reply))
        self._tasks.spawn(self._watch(reply, FIRST_SOUND_WITHIN_S if within_s is None else within_s), "first-sound")

    def turn_over(self, turn: ServerTurn) -> None:
        """The model's server has taken a turn for over: its answer is to begin."""
        self._tasks.spawn(self._watch_turn(turn), "answer-begins")

    def cut_off(self) -> None:
        """The model's server has forgotten the turn that the caller was in the middle of."""
        self._tasks.spawn(self._watch_cut_turn(), "goes-on")

    def stalled(self, reply: Reply) -> None:
        """The sound of an answer stopped coming."""
        self._begin("stalled", reply)

    def left_unanswered(self) -> None:
        """A mind called tools and then said nothing. A realtime model that does is replaced, and its question answered:
        one failure is not also apologised for.
        """
        if not self._journal.realtime_model:
            self._speech.unanswered()

    async def stay(self) -> None:
        """The call ends: who answers now is not exchanged for a model that is back."""
        restoration, self._restoration = self._restoration, None
        if restoration is not None:
            await restoration.aclose()

    async def aclose(self) -> None:
        await self._tasks.aclose()
        await self.stay()

    async def _watch_connection(self) -> None:
        if not await self._connected():
            self._begin("no connection", None)

    async def _watch_turn(self, turn: ServerTurn) -> None:
        clock = asyncio.get_running_loop().time
        due_s = clock() + FIRST_SOUND_WITHIN_S
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(turn.settled.wait(), FIRST_SOUND_WITHIN_S)
        if turn.reply is not None:
            self.asked(turn.reply, due_s - clock())
        elif not turn.settled.is_set():
            self._begin("no answer", None, owed=True)

    async def _watch_cut_turn(self) -> None:
        turns = self._server_turns
        if turns is not None and not await turns.goes_on(_GOES_ON_WITHIN_S) and not self._begun:
            self._speech.not_heard()

    async def _watch(self, reply: Reply, within_s: float) -> None:
        if not await self._connected():
            self._begin("no connection", reply)
            return
        signs = 0
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
        model = realtime_session_of(self._session)
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

    def _answered(self, reply: Reply) -> None:
        if reply.sounded and not self._begun and self._breaker is not None:
            self._breaker.succeeded()

    def _begin(self, why: str, unanswered: Reply | None, *, hopeless: bool = False, owed: bool = False) -> None:
        if not self._begun:
            self._begun = True
            if self._breaker is not None:
                self._breaker.failed(hopeless=hopeless)
            self._tasks.spawn(self._take_over(why, unanswered, owed or unanswered is not None), "failover")

    async def _take_over(self, why: str, reply: Reply | None, owed: bool) -> None:
        log.warning("the realtime model fails (%s): the call goes on without it", why)
        question = reply.question if reply is not None else ""
        if self._server_turns is not None:
            if owed and not question:
                question = await self._server_turns.last_words(_WORDS_WITHIN_S)
            owed = self._server_turns.leave() or owed
        if (model := realtime_session_of(self._session)) is not None:
            model.give_up()
        with contextlib.suppress(TimeoutError, RuntimeError):
            await asyncio.wait_for(self._session.interrupt(force=True), _HUSHED_WITHIN_S)
        self._journal.realtime_model = ""
        if self.give_up is not None:
            self.give_up()
            return
        successor = self._successor(for_stand_in(self._session.current_agent.chat_ctx, question))
        successor.owes_answer = bool(question)
        if owed and not question:
            self._speech.not_heard()  # its words are lost with the server that alone had heard them
        if reply is not None and reply.sounded:
            self._speech.begins_again()
        self._session.update_agent(successor)
        if self._restoration is not None:
            self._restoration.begin()

    def _restored(self, assistant: Assistant) -> None:
        assistant.realtime_stalled = self.stalled
        self._begun = False


def _cost_the_answer(error: Exception) -> bool:
    """A connection that is lost, or a response that failed; not an order that was refused, such as a late truncation.
    When that order was for the answer, nothing is heard of it, which is noticed too.
    """
    return not isinstance(getattr(error, "body", None), RealtimeError)
