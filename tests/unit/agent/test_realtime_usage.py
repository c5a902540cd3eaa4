"""What a realtime model uses: it reports through its connection, which is there only once the agent has the session."""

import asyncio
from decimal import Decimal
from typing import Any

from livekit import rtc
from livekit.agents import AgentSession, llm
from livekit.agents.metrics import RealtimeModelMetrics
from livekit.agents.metrics.base import Metadata
from tests.support.minds import Notes, Page, call_state, journal_into
from tests.support.settings import complete_settings

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.record.meter import Meter
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.costs import load_prices

NAMED = Metadata(model_name="gpt-realtime", model_provider="api.openai.com")


class Connection(llm.RealtimeSession[Any]):
    """A session with a model that says nothing by itself."""

    chat_ctx = llm.ChatContext.empty()
    tools = llm.ToolContext.empty()

    async def update_instructions(self, instructions: str) -> None: ...

    async def update_chat_ctx(self, chat_ctx: llm.ChatContext) -> None: ...

    async def update_tools(self, tools: list[llm.Tool]) -> None: ...

    def update_options(self, **_: Any) -> None: ...

    def push_audio(self, frame: rtc.AudioFrame) -> None: ...

    def push_video(self, frame: rtc.VideoFrame) -> None: ...

    def generate_reply(self, **_: Any) -> asyncio.Future[llm.GenerationCreatedEvent]:
        raise NotImplementedError

    def commit_audio(self) -> None: ...

    def clear_audio(self) -> None: ...

    def interrupt(self) -> None: ...

    def truncate(self, **_: Any) -> None: ...

    async def aclose(self) -> None: ...


class Model(llm.RealtimeModel):
    def __init__(self) -> None:
        super().__init__(
            capabilities=llm.RealtimeCapabilities(
                message_truncation=True,
                turn_detection=False,
                user_transcription=False,
                auto_tool_reply_generation=False,
                audio_output=True,
                manual_function_calls=False,
            )
        )
        self.connection = Connection(self)

    def session(self, **_: Any) -> llm.RealtimeSession[Any]:
        return self.connection

    async def aclose(self) -> None: ...


async def test_a_realtime_response_is_counted() -> None:
    model, meter, state = Model(), Meter(load_prices(complete_settings())), call_state()
    journal, _ = journal_into(Notes(), Page())
    session = AgentSession[CallState](userdata=state, llm=model, vad=None)
    entered = asyncio.Event()

    class Entering(Assistant):
        async def on_enter(self) -> None:
            await super().on_enter()
            entered.set()

    await session.start(Entering(state, journal, Speech(session, journal, state), meter=meter), record=False)
    await asyncio.wait_for(entered.wait(), 5)
    model.connection.emit(
        "metrics_collected",
        RealtimeModelMetrics.model_validate(
            {
                "request_id": "r",
                "timestamp": 0.0,
                "input_tokens": 120,
                "output_tokens": 30,
                "input_token_details": {"text_tokens": 100, "audio_tokens": 20},
                "output_token_details": {"text_tokens": 10, "audio_tokens": 20},
                "metadata": NAMED,
            }
        ),
    )
    await session.aclose()
    assert meter.take("assistant").usd == Decimal("0.00248")
