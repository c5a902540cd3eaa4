"""What a call uses of the models and what that costs: the units of usage, the prices with their date and source, and
the arithmetic, which is exact (`Decimal`).

What LiveKit reports becomes usage in `agent.record`; the record keeps it (`calls`). No tables, no I/O but the price
files: it stands below the record, whose turns hold what they cost.
"""

from insta_voice.costs.checks import cost_reasons
from insta_voice.costs.prices import LOCAL_PROVIDER, Price, Prices, load_prices
from insta_voice.costs.spending import NOTHING, Spending, spend
from insta_voice.costs.usage import Usage, merged

__all__ = [
    "LOCAL_PROVIDER",
    "NOTHING",
    "Price",
    "Prices",
    "Spending",
    "Usage",
    "cost_reasons",
    "load_prices",
    "merged",
    "spend",
]
