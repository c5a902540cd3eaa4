"""As many customers as call at once: known to the product, and to the Auth emulator, which signs them in."""

from dataclasses import replace

import httpx
from bench.latency.side import Invitation

from insta_voice.auth.demo import DEMO_PASSWORD, DEMO_PROJECT_ID
from insta_voice.auth.emulated import OWNER
from insta_voice.customers.profiles import import_profile
from insta_voice.db import Database
from insta_voice.demo.customer import Customer, Installation
from insta_voice.stack.up_file import Addresses

_TAKEN = ("DUPLICATE", "EXISTS")  # of an earlier run in the same directory


async def make_customers(addresses: Addresses, installation: Installation, count: int) -> list["CallingCustomer"]:
    """The first `count` of them; made where they are not there yet."""
    emails = [f"caller{number}@density.example" for number in range(1, count + 1)]
    base = f"{installation.auth_emulator}/identitytoolkit.googleapis.com/v1/projects/{DEMO_PROJECT_ID}/accounts"
    async with (
        httpx.AsyncClient(headers=OWNER, trust_env=False) as emulator,
        Database(addresses.database_url, max_size=1) as db,
    ):
        for number, email in enumerate(emails, 1):
            user_id, name = f"density-{number}", f"Caller {number}"
            account = {"localId": user_id, "email": email, "displayName": name, "password": DEMO_PASSWORD}
            answer = await emulator.post(base, json={**account, "emailVerified": True})
            if answer.is_error and not any(word in answer.text for word in _TAKEN):
                answer.raise_for_status()
            await import_profile(db, user_id=user_id, email=email, name=name, plan="team", account={"seats": 12})
    known = replace(installation, passwords=dict.fromkeys(emails, DEMO_PASSWORD))
    return [CallingCustomer(known, email) for email in emails]


class CallingCustomer:
    """One customer's way to a call."""

    def __init__(self, installation: Installation, email: str) -> None:
        self._installation = installation
        self._email = email

    async def invite(self) -> Invitation:
        """Raises InstaVoiceError with what the page would say when there is no place for another call."""
        async with Customer(self._installation, self._email) as customer:
            token = await customer.join_token()
        return Invitation(token["server_url"], token["participant_token"], token["call_id"])

    async def is_over(self, call_id: str) -> bool:
        """Whether the record has the end of the call."""
        async with Customer(self._installation, self._email) as customer:
            return bool((await customer.call(call_id))["ended_at"])
