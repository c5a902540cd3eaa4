"""A call whose realtime model was replaced goes back to it: between two turns, in the same session.

The model of a running agent cannot be exchanged, and LiveKit's next agent connects when it is there already: for as
long as that takes nobody hears the caller. So the connection is made beside the call and told what was said; then it
is handed over, which takes no time.
"""

import asyncio
import logging
from collections.abc import Callable

from livekit.agents import APIError, llm

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.carried_over import for_realtime
from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.speech.quiet import quiet_moment
from insta_voice.agent.tasks import Tasks
from insta_voice.voice.breaker import Breaker
from insta_voice.voice.realtime import RealtimeModel, RealtimeSession

log = logging.getLogger(__name__)

# As long as a breaker's first pause: what has just failed in this call is not trusted sooner, even if others are
# answered.
LOOKS_EVERY_S = 20.0


class Restoration:
    """One per call in mode realtime."""

    def __init__(
        self, dialogue: Dialogue, model: RealtimeModel, breaker: Breaker, restored: Callable[[Assistant], None]
    ) -> None:
        """`restored` is told of the agent with which the model answers again, before it takes the session over."""
        self._dialogue = dialogue
        self._session = dialogue.session
        self._model = model
        self._breaker = breaker
        self._restored = restored
        self._tasks = Tasks()

    def begin(self) -> None:
        """Somebody stands in: look whether the model is back, until it is."""
        self._tasks.spawn(self._restore(), "restore-model")

    async def aclose(self) -> None:
        """Look no more."""
        await self._tasks.aclose()

    async def _restore(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            if not self._breaker.admits():
                continue
            try:
                connection = await self._model.connect()
            except (APIError, TimeoutError) as error:
                log.info("the realtime model is not back: %s", type(error).__name__)
                self._breaker.failed()
                continue
            if await self._between_turns(connection):
                self._go_back(connection)
                return
            await connection.aclose()
            self._breaker.failed()

    async def _between_turns(self, connection: RealtimeSession) -> bool:
        """Wait until nobody speaks, and tell the model what was said by then. False when it was lost meanwhile."""
        try:
            while True:
                await quiet_moment(self._quiet)
                await connection.update_chat_ctx(self._said())
                if not connection.connected.is_set():
                    return False
                if self._quiet():
                    return True
        except llm.RealtimeError:
            return False
        except asyncio.CancelledError:
            await connection.aclose()
            raise

    def _go_back(self, connection: RealtimeSession) -> None:
        log.info("the realtime model is back: it answers from now on")
        self._model.hand_over(connection)
        assistant = self._dialogue.restored(self._said())
        self._restored(assistant)
        self._session.update_agent(assistant)

    def _quiet(self) -> bool:
        listener = self._dialogue.assistant.listener
        return self._dialogue.speech.quiet() and not (listener is not None and listener.reply_pending())

    def _said(self) -> llm.ChatContext:
        return for_realtime(self._session.current_agent.chat_ctx)
