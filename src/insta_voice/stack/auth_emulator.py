"""The Firebase Auth emulator: how it is started, and the people who can sign in to it."""

import shutil
from pathlib import Path

import httpx

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.auth.emulated import OWNER
from insta_voice.errors import ConfigurationError, IdentityUnavailableError
from insta_voice.stack.livekit_config import CHECKOUT

_TIMEOUT_S = 10.0


def accounts_file(data_dir: Path) -> Path:
    """Where the emulator keeps who signed up, with their passwords."""
    return data_dir / "accounts.json"


def emulator_command() -> list[str]:
    """Node and the file that set-up bundled."""
    bundle = CHECKOUT / ".tools" / "auth-emulator" / "auth-emulator.cjs"
    node = shutil.which("node")
    if not node:
        raise ConfigurationError("Node.js is not here. Install it, or set FIREBASE_PROJECT_ID to a project of yours.")
    if not bundle.is_file():
        raise ConfigurationError("The sign-in emulator is not here: run `make setup`, or set FIREBASE_PROJECT_ID.")
    return [node, str(bundle)]


def emulator_env(project_id: str, port: int, path: str, accounts: Path) -> dict[str, str]:
    """The whole environment of the emulator."""
    return {
        "PATH": path,
        "PORT": str(port),
        "GCLOUD_PROJECT": project_id,
        "ACCOUNTS_FILE": str(accounts),
        "NODE_ENV": "production",
    }


async def match_demo_users(address: str, project_id: str, *, wanted: bool) -> None:
    """Let the demo's people sign in with the passwords that are printed, or no longer; those who signed up stay.

    Errors are answered as Firebase does in production.
    """
    base = f"{address}/identitytoolkit.googleapis.com"
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, headers=OWNER) as client:
        config = f"{base}/v2/projects/{project_id}/config?updateMask=emailPrivacyConfig"
        settings = {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": True}}
        answers = [await client.patch(config, json=settings)]
        accounts = f"{base}/v1/projects/{project_id}/accounts"
        # Also before they are made anew: a password that was changed on the page would not be the printed one.
        all_of_them = {"localIds": [user.user_id for user in DEMO_USERS], "force": True}
        answers.append(await client.post(f"{accounts}:batchDelete", json=all_of_them))
        for user in DEMO_USERS if wanted else ():
            account = {
                "localId": user.user_id,
                "email": user.email,
                "displayName": user.name,
                "password": user.password,
                "emailVerified": True,
            }
            answers.append(await client.post(accounts, json=account))
    for answer in answers:
        # Someone is there already when our readiness was asked twice; that is what we wanted.
        if answer.is_error and "DUPLICATE" not in answer.text and "EXISTS" not in answer.text:
            raise IdentityUnavailableError(detail=f"the Auth emulator answered {answer.status_code}")
