"""What calls may cost, and by which prices that is counted."""

from decimal import Decimal
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from insta_voice.settings.base import env


class CostSettings(BaseSettings):
    """What calls cost: counted from list prices, in US dollars (docs/costs.md)."""

    model_config = env("COST_")
    prices_file: Path | None = Field(None, description="your own prices, a TOML file; they come before the list prices")
    call_budget_usd: Decimal | None = Field(
        None, gt=0, description="what one call may cost; then it is wound up, with a sentence and a ticket"
    )
    user_day_budget_usd: Decimal | None = Field(
        None, gt=0, description="what the calls of one person may cost in 24 hours"
    )
    day_budget_usd: Decimal | None = Field(
        None,
        gt=0,
        description="what all calls may cost in 24 hours; calls side by side can pass it unless "
        "COST_CALL_BUDGET_USD bounds each",
    )
