"""What is wrong with the settings of cost, a sentence with its mend each."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from insta_voice.costs.prices import load_prices
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings

_OPENAI_URL = "https://api.openai.com/v1"


def cost_reasons(settings: Settings) -> Iterator[str]:
    """Every reason for anything not to start that holds calls or lets callers in."""
    try:
        prices = load_prices(settings)
    except ConfigurationError as error:
        yield error.message
        return
    costs = settings.costs
    budgets = (costs.call_budget_usd, costs.user_day_budget_usd, costs.day_budget_usd)
    if all(budget is None for budget in budgets):
        return
    provider = urlsplit(settings.openai.base_url or _OPENAI_URL).netloc
    if unpriced := [model for model in _paid_models(settings) if (provider, model) not in prices]:
        yield (
            f"There is a budget, and no price for {', '.join(unpriced)} at {provider}: it would be passed unnoticed. "
            "Put the price into COST_PRICES_FILE; 0 is one."
        )


def _paid_models(settings: Settings) -> Iterator[str]:
    """The models that calls of this installation use, but for those on its own processors."""
    openai = settings.openai
    if settings.voice_mode == "realtime":
        yield openai.realtime_model
    if settings.voice_mode == "pipeline":
        yield openai.llm_model
    if settings.voice_mode != "local":
        yield openai.tts_model
        yield openai.stt_model
    if settings.knowledge.embeddings == "openai":
        yield openai.embedding_model
