"""Erasing someone's account at the embedded sign-in, whether it runs or not."""

import json
from typing import Any

from insta_voice.auth.emulated import erase_accounts
from insta_voice.settings import Settings
from insta_voice.stack.auth_emulator import accounts_file
from insta_voice.stack.livekit_config import write_private
from insta_voice.stack.up_file import read_up_file


async def erase_sign_in(settings: Settings, **whom: str) -> None:
    """The accounts with this `user_id`, or this `email`; nothing where sign-in is the company's own."""
    if settings.firebase.project_id or settings.firebase.auth_emulator_host:
        return
    data_dir = settings.service.data_dir.expanduser().absolute()
    running = read_up_file(data_dir)
    if running and running.auth_emulator:
        await erase_accounts(running.auth_emulator, **whom)
        return
    file = accounts_file(data_dir)
    kept = json.loads(file.read_text()) if file.exists() else []
    left = [account for account in kept if not _is(account, **whom)]
    if left != kept:
        write_private(file, json.dumps(left, indent=1))


def _is(account: dict[str, Any], *, user_id: str | None = None, email: str | None = None) -> bool:
    if email is not None:
        return str(account.get("email", "")).casefold() == email.strip().casefold()
    return bool(account["localId"] == user_id)
