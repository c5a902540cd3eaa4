"""The mind of the LiveKit agents: it answers at once, by heart, so that nothing but the engine makes a caller wait."""

from itertools import takewhile
from typing import Any
from uuid import uuid4

from bench.latency.script import answer_to
from livekit.agents import llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions


class ByHeart(llm.LLM[Any]):
    """Knows script.py."""

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
