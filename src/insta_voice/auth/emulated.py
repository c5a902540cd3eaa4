"""Accounts at the Auth emulator that stands in for Firebase here. Nobody but us can delete them; those of a Firebase
project, and of an emulator that others run, are their owner's."""

from typing import Final

import httpx

from insta_voice.auth.demo import DEMO_PROJECT_ID, DEMO_USERS
from insta_voice.errors import IdentityUnavailableError
from insta_voice.settings import FirebaseSettings

# What the emulator takes for an administrator's credential (firebase-tools, src/emulator/auth/server.ts).
OWNER: Final = {"Authorization": "Bearer owner"}
_TIMEOUT_S: Final = 5.0  # a question on loopback that takes milliseconds
_DEMO_IDS: Final = frozenset(user.user_id for user in DEMO_USERS)


async def erase_own_account(firebase: FirebaseSettings, user_id: str) -> None:
    """Delete the account of `user_id` where it is ours. IdentityUnavailableError when the emulator does not answer.

    The demo's people keep theirs: their passwords are printed at the start and stand on the page.
    """
    if firebase.auth_emulator_host and firebase.project_id == DEMO_PROJECT_ID and user_id not in _DEMO_IDS:
        await erase_accounts(f"http://{firebase.auth_emulator_host}", user_id=user_id)


async def erase_accounts(address: str, **whom: str) -> None:
    """Delete the accounts with this `user_id`, or this `email`, at our emulator."""
    accounts = f"{address}/identitytoolkit.googleapis.com/v1/projects/{DEMO_PROJECT_ID}/accounts"
    wanted = {"localId" if name == "user_id" else name: [value] for name, value in whom.items()}
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, headers=OWNER) as client:
            found = await client.post(f"{accounts}:lookup", json=wanted)
            found.raise_for_status()
            ids = [account["localId"] for account in found.json().get("users", ())]
            if ids:
                gone = await client.post(f"{accounts}:batchDelete", json={"localIds": ids, "force": True})
                gone.raise_for_status()
    except httpx.HTTPError as error:
        raise IdentityUnavailableError(detail=type(error).__name__, retry_after_s=5) from error
