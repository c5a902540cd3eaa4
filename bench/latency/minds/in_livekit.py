"""The minds of the LiveKit agents, as the library's documentation builds them."""

from itertools import takewhile
from typing import Any
from uuid import uuid4

from bench.latency.minds.mind import INSTRUCTIONS, MODEL, Told
from bench.latency.script import answer_to
from livekit.agents import Agent, function_tool, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from livekit.plugins import openai


def model(told: Told) -> llm.LLM[Any]:
    """Who answers in a session."""
    return ByHeart() if told.mind == "responder" else openai.LLM(model=MODEL, base_url=told.url, api_key=told.api_key)


def agent(told: Told) -> Agent:
    """Who it answers as, with what it may call."""
    return Agent(instructions=INSTRUCTIONS, tools=[search_knowledge] if told.mind == "tool" else [])


@function_tool
async def search_knowledge(query: str) -> str:
    """Search the help articles. To be called before any question is answered.

    Args:
        query: The customer's question.
    """
    return answer_to(query)


class ByHeart(llm.LLM[Any]):
    """Knows script.py and answers at once, so that nothing but the engine makes a caller wait."""

    @property
    def model(self) -> str:
        return "by heart"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> llm.LLMStream:
        return _Answer(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class _Answer(llm.LLMStream):
    async def _run(self) -> None:
        since_it_spoke = takewhile(lambda message: message.role != "assistant", reversed(self._chat_ctx.messages()))
        asked = [message.text_content or "" for message in since_it_spoke if message.role == "user"]
        answer = llm.ChoiceDelta(role="assistant", content=answer_to(" ".join(reversed(asked))))
        self._event_ch.send_nowait(llm.ChatChunk(id=uuid4().hex, delta=answer))
