"""From what LiveKit's models report to the turns of the record, each with its share."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.metrics import (
    AgentMetrics,
    EOUMetrics,
    LLMMetrics,
    RealtimeModelMetrics,
    STTMetrics,
    TTSMetrics,
)
from livekit.agents.metrics.base import Metadata
from livekit.agents.types import APIConnectOptions
from tests.support.minds import Notes
from tests.support.settings import complete_settings

from insta_voice.agent.record.meter import Meter
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.record.usage import usage_of
from insta_voice.calls import Turn
from insta_voice.costs import Usage, load_prices
from insta_voice.errors import DBDriverError

OPENAI = "api.openai.com"
NO_DETAILS: dict[str, Any] = {"input_token_details": {}, "output_token_details": {}}
SHARED: dict[str, Any] = {"label": "x", "request_id": "r", "timestamp": 0.0, "duration": 1.0}


def named(model: str) -> Metadata:
    return Metadata(model_name=model, model_provider=OPENAI)


def recognised(seconds: float, **amounts: int) -> STTMetrics:
    heard_by = named("gpt-4o-mini-transcribe")
    return STTMetrics(**SHARED, audio_duration=seconds, streamed=False, metadata=heard_by, **amounts)


def thought(tokens: int, *, cached: int = 0, said: int = 0) -> LLMMetrics:
    return LLMMetrics(
        **SHARED,
        ttft=0.1,
        cancelled=False,
        completion_tokens=said,
        prompt_tokens=tokens,
        prompt_cached_tokens=cached,
        total_tokens=tokens + said,
        tokens_per_second=1.0,
        metadata=named("gpt-5-mini"),
    )


def spoke(**amounts: int) -> TTSMetrics:
    return TTSMetrics(
        **SHARED,
        ttfb=0.1,
        audio_duration=2.5,
        cancelled=False,
        streamed=False,
        metadata=named("gpt-4o-mini-tts"),
        **{"characters_count": 40, **amounts},
    )


def responded(**details: Any) -> RealtimeModelMetrics:
    given = {
        "input_tokens": 174,
        "output_tokens": 30,
        "input_token_details": {
            "text_tokens": 110,
            "audio_tokens": 64,
            "cached_tokens": 120,
            "cached_tokens_details": {"text_tokens": 100, "audio_tokens": 20},
        },
        "output_token_details": {"text_tokens": 10, "audio_tokens": 20},
        **details,
    }
    return RealtimeModelMetrics.model_validate({**SHARED, **given, "metadata": named("gpt-realtime")})


@pytest.mark.parametrize(
    ("metrics", "usage"),
    [
        (recognised(3.2), Usage(OPENAI, "gpt-4o-mini-transcribe", audio_ms=3_200)),
        (
            recognised(3.2, input_tokens=40, input_audio_tokens=32, output_tokens=6),
            Usage(
                OPENAI,
                "gpt-4o-mini-transcribe",
                text_input_tokens=8,
                audio_input_tokens=32,
                text_output_tokens=6,
                audio_ms=3_200,
            ),
        ),
        (
            thought(2_000, cached=1_500, said=40),
            Usage(
                OPENAI,
                "gpt-5-mini",
                text_input_tokens=2_000,
                cached_text_input_tokens=1_500,
                text_output_tokens=40,
            ),
        ),
        (
            spoke(input_tokens=9, output_tokens=50),
            Usage(
                OPENAI,
                "gpt-4o-mini-tts",
                text_input_tokens=9,
                audio_output_tokens=50,
                characters=40,
                audio_ms=2_500,
            ),
        ),
        (
            responded(),
            Usage(
                OPENAI,
                "gpt-realtime",
                text_input_tokens=110,
                cached_text_input_tokens=100,
                audio_input_tokens=64,
                cached_audio_input_tokens=20,
                text_output_tokens=10,
                audio_output_tokens=20,
            ),
        ),
        (
            responded(**NO_DETAILS),
            Usage(OPENAI, "gpt-realtime", audio_input_tokens=174, audio_output_tokens=30),
        ),
        (  # of a server that bills a session by its time
            responded(session_duration=90.5, input_tokens=0, output_tokens=0, **NO_DETAILS),
            Usage(OPENAI, "gpt-realtime", audio_ms=90_500),
        ),
        (  # of one that counts otherwise than LiveKit understands
            recognised(1, input_tokens=20, input_audio_tokens=32),
            Usage(OPENAI, "gpt-4o-mini-transcribe", audio_input_tokens=32, audio_ms=1_000),
        ),
        (
            STTMetrics(**SHARED, audio_duration=1, streamed=False),
            Usage("unknown", "unknown", audio_ms=1_000),
        ),
        (
            EOUMetrics(
                timestamp=0.0, end_of_utterance_delay=0.1, transcription_delay=0.1, on_user_turn_completed_delay=0.1
            ),
            None,
        ),
    ],
)
def test_reports_become_usage(metrics: AgentMetrics, usage: Usage | None) -> None:
    assert usage_of(metrics) == usage


def meter() -> Meter:
    return Meter(load_prices(complete_settings()))


def test_hearing_is_the_callers_and_the_rest_the_assistants() -> None:
    counted = meter()
    for metrics in (recognised(60), thought(100), spoke(input_tokens=9, output_tokens=50)):
        counted.collect(metrics)
    asked, answered = counted.take("caller"), counted.take("assistant")
    assert (asked.usd, [usage.model for usage in asked.usages]) == (Decimal("0.003"), ["gpt-4o-mini-transcribe"])
    assert [usage.model for usage in answered.usages] == ["gpt-5-mini", "gpt-4o-mini-tts"]
    assert counted.total.usd == asked.usd + answered.usd
    assert counted.take("assistant").usages == ()


def test_what_comes_late_goes_to_the_next_turn_or_stays_with_the_call() -> None:
    counted = meter()
    counted.collect(responded())
    first = counted.take("assistant")
    counted.collect(responded())
    assert counted.left == first
    counted.collect(recognised(60))
    assert counted.left.usd == first.usd + Decimal("0.003")
    assert counted.take("assistant") == first
    assert counted.take("caller").usd == Decimal("0.003")
    assert counted.left.usd == 0


def test_a_request_that_used_nothing_leaves_no_trace() -> None:
    counted = meter()
    counted.count(Usage("a server that does not say", "vectors"), hearing=False)
    assert counted.left.usages == ()


def test_the_limit_is_said_once_and_counts_what_came_before_it_was_set() -> None:
    counted, said = meter(), []
    counted.collect(recognised(60))
    counted.limit(Decimal("0.006"), lambda: said.append(counted.total.usd))
    counted.collect(recognised(30))
    assert said == []
    counted.collect(recognised(30))
    counted.collect(recognised(30))
    assert said == [Decimal("0.006")]
    counted.limit(Decimal("0.005"), lambda: said.append(counted.total.usd))
    assert said[1:] == [Decimal("0.0075")]
    counted.limit(None, lambda: said.append(counted.total.usd))
    counted.collect(recognised(6_000))
    assert len(said) == 2


class Reporting(llm.LLM[Any]):
    """A language model that says one word and what it used."""

    @property
    def model(self) -> str:
        return "gpt-5-mini"

    @property
    def provider(self) -> str:
        return OPENAI

    def chat(self, *, chat_ctx: llm.ChatContext, **_: Any) -> llm.LLMStream:
        return _Said(self, chat_ctx=chat_ctx, tools=[], conn_options=APIConnectOptions(max_retry=0))


class _Said(llm.LLMStream):
    async def _run(self) -> None:
        self._event_ch.send_nowait(llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", content="Yes.")))
        usage = llm.CompletionUsage(prompt_tokens=1_000_000, completion_tokens=1, total_tokens=1_000_001)
        self._event_ch.send_nowait(llm.ChatChunk(id="1", usage=usage))


async def test_a_models_own_report_reaches_the_meter() -> None:
    """As LiveKit makes it, from the usage in a stream's last chunk."""
    counted, mind = meter(), Reporting()
    counted.listen_to(mind)
    async with mind.chat(chat_ctx=llm.ChatContext.empty()) as stream:
        assert [chunk.usage is None async for chunk in stream] == [True, False]
    assert counted.total.usd == Decimal("0.250002")


async def test_a_turn_keeps_its_share_while_the_database_is_away_and_without_its_words() -> None:
    counted, notes, tries = meter(), Notes(), 0

    async def write(turn: Turn) -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise DBDriverError
        return await notes.write(turn)

    recorder = Recorder(write, next_number=1, now=lambda: datetime.now(UTC), spent=counted.take)
    writing = asyncio.create_task(recorder.run())
    counted.collect(thought(100))
    answer = recorder.begin("assistant", "answer")
    answer.text = "Yes."
    recorder.finish(answer)
    counted.collect(thought(300))
    recorder.finish(answer)
    answer.empty()
    assert await recorder.flush(5)
    writing.cancel()
    (turn,) = notes.turns
    assert [usage.text_input_tokens for usage in turn.spending.usages] == [100]
    assert counted.left.usages[0].text_input_tokens == 300
