"""The demo company's customers and help articles: what an embedded database is filled with once, and rid of again."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.customers.profiles import import_profile
from insta_voice.db import Database
from insta_voice.settings import CompanySettings, Settings
from insta_voice.stack.livekit_config import CHECKOUT

ARTICLES_FOLDER = (CHECKOUT / "knowledge" / "articles").resolve()
PROFILES, ARTICLES = "profiles", "articles"
DEMO_COMPANY = CompanySettings.model_fields["company_name"].default

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
        self._write({*self._read(), what})

    def discard(self, what: str) -> None:
        self._write(set(self._read()) - {what})

    def _write(self, what: set[str]) -> None:
        self._file.write_text(json.dumps(sorted(what)))

    def _read(self) -> list[str]:
        try:
            found: list[str] = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return []
        return found


def loaded_into(cluster: Path) -> Loaded:
    """What is remembered of the embedded database in the directory `cluster`."""
    return Loaded(cluster / "loaded.json")


@dataclass(frozen=True, slots=True)
class DemoContent:
    """How much of the demo company an installation is to have."""

    people: bool
    articles: bool


def wanted_demo(settings: Settings) -> DemoContent:
    """Nothing of it where a database or a sign-in of the company's own is set; no articles beside its own name."""
    database, firebase = settings.database.url, settings.firebase
    own = bool(database or firebase.project_id or firebase.auth_emulator_host)
    people = settings.demo.content and not own
    return DemoContent(people, people and settings.company.company_name == DEMO_COMPANY)


def leave_at_next_start(settings: Settings) -> bool:
    """Whether the next `up` takes the demo's articles out."""
    loaded = loaded_into(settings.service.data_dir / "postgres")
    return settings.database.url is None and not wanted_demo(settings).articles and ARTICLES in loaded


async def match_demo(database_url: str, loaded: Loaded, wanted: DemoContent) -> list[str]:
    """Put the demo's people into an embedded database, or take out what is wanted no longer; what was taken out.

    Its articles need the speech server: `insta-voice kb ingest` loads them later.
    """
    removed = []
    async with Database(database_url, max_size=1) as db:
        if wanted.people and PROFILES not in loaded:
            await _import_people(db)
            loaded.add(PROFILES)
        elif not wanted.people and PROFILES in loaded:
            from insta_voice.privacy import erase_person  # rarely needed, and `up` is to be there soon

            for user in DEMO_USERS:
                await erase_person(db, user_id=user.user_id, requested_by="operator")
            loaded.discard(PROFILES)
            removed.append("people")
        if not wanted.articles and ARTICLES in loaded:
            from insta_voice.knowledge import remove_source  # the same

            await remove_source(db, str(ARTICLES_FOLDER))
            loaded.discard(ARTICLES)
            removed.append("help articles")
    return removed


async def _import_people(db: Database) -> None:
    """With their roles, plans and account facts."""
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
