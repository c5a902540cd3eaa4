"""What the embedded defaults are filled with once: the demo company's customers and its help articles."""

import json
from pathlib import Path
from typing import Any

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.customers.profiles import import_profile
from insta_voice.db import Database
from insta_voice.stack.livekit_config import CHECKOUT

ARTICLES = CHECKOUT / "knowledge" / "articles"

# What support needs to know about an account. Amounts are in the currency's main unit.
_ACCOUNTS: dict[str, dict[str, Any]] = {
    "demo-maya": {
        "workspace": "Northlight Studio",
        "seats": 12,
        "seats_used": 9,
        "billing_period": "yearly",
        "price_per_seat": 15,
        "currency": "USD",
        "renews_on": "2027-03-14",
        "payment_method": "Visa ending in 42 42",
        "last_invoice": {"number": "TW-20418", "amount": 2160, "date": "2026-03-14", "status": "paid"},
        "storage_used_gb": 212,
        "storage_limit_gb": 1200,
        "two_factor": True,
    },
    "demo-leo": {
        "workspace": "Leo's sandbox",
        "seats": 1,
        "seats_used": 1,
        "billing_period": None,
        "price_per_seat": 0,
        "currency": "USD",
        "renews_on": None,
        "payment_method": None,
        "last_invoice": None,
        "storage_used_gb": 1.4,
        "storage_limit_gb": 2,
        "two_factor": False,
    },
}


class Loaded:
    """Remembers beside the database what was put into it, so that it is done once and goes with the database."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __contains__(self, what: str) -> bool:
        return what in self._read()

    def add(self, what: str) -> None:
        self._file.write_text(json.dumps(sorted({*self._read(), what})))

    def _read(self) -> list[str]:
        try:
            found: list[str] = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return []
        return found


async def import_demo_profiles(database_url: str) -> None:
    """The demo people with their roles, plans and account facts."""
    async with Database(database_url, max_size=1) as db:
        for user in DEMO_USERS:
            await import_profile(
                db,
                user_id=user.user_id,
                email=user.email,
                name=user.name,
                plan=user.plan,
                role=user.role,
                account=_ACCOUNTS.get(user.user_id),
            )
