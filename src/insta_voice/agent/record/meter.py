"""What a call uses of the models, from their own reports to its turns, each with its share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from livekit.agents import llm, stt, tts
from livekit.agents.metrics import AgentMetrics

from insta_voice.agent.record.usage import usage_of
from insta_voice.calls import Speaker
from insta_voice.costs import NOTHING, Prices, Spending, Usage, spend

Metered = stt.STT[Any] | tts.TTS[Any] | llm.LLM[Any] | llm.RealtimeSession[Any]


class Meter:
    """One per call. Models report when a request is over, which is before the turn it was for: a turn takes what has
    come since the last one of its side. Hearing is the caller's turns', thinking and speaking are the others'. What is
    reported later, as of an answer that was cut, goes to the next turn, or stays with the call.

    LiveKit's session reports only from its start on; the greeting is spoken before that.
    """

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._heard = NOTHING
        self._said = NOTHING
        self.total = NOTHING
        self._limit_usd: Decimal | None = None
        self._reached: Callable[[], None] = lambda: None

    def limit(self, usd: Decimal | None, reached: Callable[[], None]) -> None:
        """Say once when the call has cost so much; None is no limit."""
        self._limit_usd, self._reached = usd, reached
        self._judge()

    def listen_to(self, *models: Metered) -> None:
        """Count what these report from now on."""
        for model in models:
            model.on("metrics_collected", self.collect)

    def collect(self, metrics: AgentMetrics) -> None:
        """A model's report of one request."""
        if (usage := usage_of(metrics)) is not None:
            self.count(usage, hearing=metrics.type == "stt_metrics")

    def count(self, usage: Usage, *, hearing: bool) -> None:
        """One use of a model."""
        if not usage.amounts:
            return
        spent = spend(usage, self._prices)
        self.total += spent
        if hearing:
            self._heard += spent
        else:
            self._said += spent
        self._judge()

    def take(self, speaker: Speaker) -> Spending:
        """The share of a turn that is over."""
        if speaker == "caller":
            taken, self._heard = self._heard, NOTHING
        else:
            taken, self._said = self._said, NOTHING
        return taken

    def _judge(self) -> None:
        if self._limit_usd is not None and self.total.usd >= self._limit_usd:
            self._limit_usd = None
            self._reached()

    @property
    def left(self) -> Spending:
        """What no turn has taken."""
        return self._heard + self._said
