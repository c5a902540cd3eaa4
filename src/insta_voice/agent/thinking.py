"""Who answers: the minds of a call in order of preference, the next in the place of one that fails in a turn."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from livekit.agents import APIConnectOptions, APIError, ModelSettings, llm

from insta_voice.agent.answers_ahead import AnswersAhead
from insta_voice.voice.breaker import Breakers
from insta_voice.voice.fallback import timely

# The caller hears "one moment" at 2.5 s; two seconds after that they hear an answer, if not of this mind.
FIRST_WORD_WITHIN_S = 4.0
NEXT_WORD_WITHIN_S = 3.0  # words come faster than they are spoken: two sentences are ahead by then

Chunk = llm.ChatChunk | str


class Thinking:
    """One per call. The last mind is asked whatever happened to it: there is nobody after it."""

    def __init__(
        self,
        minds: Sequence[llm.LLM[Any]],
        again: Callable[[], str],
        breakers: Breakers | None = None,
        ahead: AnswersAhead | None = None,
    ) -> None:
        """`again`: said between half an answer and the whole answer of who takes over. `ahead`: what was asked before
        the turn was over.
        """
        breakers = breakers or Breakers()
        self._minds = [(mind, breakers.of(f"{mind.provider} {mind.model}")) for mind in minds]
        self._again = again
        self._ahead = ahead

    async def answer(
        self, context: llm.ChatContext, tools: list[llm.Tool], settings: ModelSettings
    ) -> AsyncIterator[tuple[llm.LLM[Any], Chunk]]:
        """The answer in pieces, each with the mind that gave it. APIError when the last mind fails, or one that has
        called a tool: what the tool does is not done twice.
        """
        begun = False
        for mind, breaker in self._minds:
            is_last = mind is self._minds[-1][0]
            if not (is_last or breaker.admits()):
                continue
            again, called, spoke = begun, False, False
            try:
                async for chunk in self._ask(mind, context, tools, settings):
                    delta = chunk.delta
                    called = called or bool(delta and delta.tool_calls)
                    spoke = spoke or bool(delta and delta.content)
                    begun = begun or spoke
                    if again and delta and delta.content:  # now it is known what it will say, and of which sources
                        again = False
                        yield mind, f" {self._again()} "
                    yield mind, chunk
                if not (spoke or called or _may_be_silent(context)):  # as when its call of a tool was cut in half
                    raise APIError("not a word and no tool", retryable=True)
            except APIError as error:
                if not is_last:
                    breaker.failed(hopeless=not error.retryable)
                if is_last or called:
                    raise
            else:
                if not is_last:
                    breaker.succeeded()
                return

    async def _ask(
        self, mind: llm.LLM[Any], context: llm.ChatContext, tools: list[llm.Tool], settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk]:
        stream = self._ahead.take(mind, context) if self._ahead else None
        if stream is None:
            options = asked_once()
            stream = mind.chat(chat_ctx=context, tools=tools, tool_choice=settings.tool_choice, conn_options=options)
        async with stream:
            async for chunk in timely(stream, first_s=FIRST_WORD_WITHIN_S, next_s=NEXT_WORD_WITHIN_S):
                yield chunk


def asked_once() -> APIConnectOptions:
    """How a mind is asked: not again where it fails, as the next mind is there sooner."""
    return APIConnectOptions(max_retry=0, timeout=FIRST_WORD_WITHIN_S)


def _may_be_silent(context: llm.ChatContext) -> bool:
    """After what a tool has done there may be nothing left to say; after a question there is."""
    said = (item for item in reversed(context.items) if item.type != "message" or item.role != "system")
    return (last := next(said, None)) is not None and last.type == "function_call_output"
