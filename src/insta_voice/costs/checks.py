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
    if unpriced := [f"{model} at {provider}" for provider, model in _paid(settings) if (provider, model) not in prices]:
        yield (
            f"There is a budget, and no price for {', '.join(unpriced)}: it would be passed unnoticed. "
            "Put the price into COST_PRICES_FILE; 0 is one."
        )


def _paid(settings: Settings) -> Iterator[tuple[str, str]]:
    """Provider and model of all that calls here may use, but for what runs on our own processors."""
    openai = settings.openai
    parts = settings.openai_parts(settings.voice_mode)
    if settings.voice_mode == "realtime" and "stt" not in parts:
        parts.append("stt")  # a worker without the speech server hears with it
    if settings.knowledge.embeddings == "openai":
        parts.append("embedding")
    for part in parts:
        yield urlsplit(openai.server(part).base_url or _OPENAI_URL).netloc, getattr(openai, f"{part}_model")
