"""What calls may cost, and by which prices that is counted."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from insta_voice.settings.base import env


class CostSettings(BaseSettings):
    """What calls cost: counted from list prices, in US dollars (docs/costs.md)."""

    model_config = env("COST_")
    prices_file: Path | None = Field(None, description="your own prices, a TOML file; they come before the list prices")
