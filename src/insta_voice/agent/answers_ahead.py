"""A language model asked before the turn is over: its answer to what the turn may say is on its way when it says that.

Only where the settings want it: a guess that does not come true has cost what an answer costs.
"""

import contextlib
from collections.abc import Callable
from typing import Any

from livekit.agents import APIConnectOptions, APIError, llm

from insta_voice.agent.tasks import Tasks
from insta_voice.voice.breaker import Breakers

Told = tuple[tuple[str, ...], ...]


class AnswersAhead:
    """One per call. The newest answer is kept, the one before it is let go."""

    def __init__(self, mind: llm.LLM[Any], breakers: Breakers, options: APIConnectOptions) -> None:
        """`options`: as the turn itself asks `mind`. Who fails by what `breakers` know is not asked ahead."""
        self._mind = mind
        self._breaker = breakers.of(f"{mind.provider} {mind.model}")
        self._options = options
        self._tasks = Tasks()
        self._coming: tuple[Told, llm.LLMStream] | None = None
        self.on_taken: Callable[[], None] = lambda: None

    def prepare(self, context: llm.ChatContext, tools: list[llm.Tool]) -> bool:
        """Ask what there is to say to `context`; false when that is asked already. No tool runs, whatever is said."""
        told = _told(context)
        if self._breaker.pause_left_s or (self._coming is not None and self._coming[0] == told):
            return False
        self._let_go()
        self._coming = told, self._mind.chat(chat_ctx=context, tools=tools, conn_options=self._options)
        return True

    def take(self, mind: llm.LLM[Any], context: llm.ChatContext) -> llm.LLMStream | None:
        """The answer of `mind` to `context`, if that is what was asked."""
        if mind is not self._mind or self._coming is None or self._coming[0] != _told(context):
            self._let_go()
            return None
        (_, stream), self._coming = self._coming, None
        self.on_taken()
        return stream

    async def aclose(self) -> None:
        """The call is over."""
        if self._coming is not None:
            await self._coming[1].aclose()
            self._coming = None
        await self._tasks.aclose()

    def _let_go(self) -> None:
        if self._coming is not None:
            self._tasks.spawn(_to_its_end(self._coming[1]), "let-go-of-answer")
            self._coming = None


async def _to_its_end(stream: llm.LLMStream) -> None:
    """What nobody waits for is billed all the same, and reports its usage at its end."""
    with contextlib.suppress(APIError):
        async with stream:
            async for _ in stream:
                pass


def _told(context: llm.ChatContext) -> Told:
    """What a model reads of it."""
    return tuple(_read(item) for item in context.items)


def _read(item: llm.ChatItem) -> tuple[str, ...]:
    match item:
        case llm.ChatMessage():
            return item.type, item.role, item.text_content or ""
        case llm.FunctionCall():
            return item.type, item.name, item.arguments
        case llm.FunctionCallOutput():
            return item.type, item.name, item.output
    return (item.type,)
