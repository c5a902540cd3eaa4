"""The Firebase Auth emulator: how it is started, and the people who can sign in to it."""

import shutil
from collections.abc import Iterable

import httpx

from insta_voice.auth.demo import DemoUser
from insta_voice.errors import ConfigurationError, IdentityUnavailableError
from insta_voice.stack.livekit_config import CHECKOUT

_TIMEOUT_S = 10.0
# What the emulator takes for an administrator's credential (firebase-tools, src/emulator/auth/server.ts).
_OWNER = {"Authorization": "Bearer owner"}


def emulator_command() -> list[str]:
    """Node and the file that set-up bundled."""
    bundle = CHECKOUT / ".tools" / "auth-emulator" / "auth-emulator.cjs"
    node = shutil.which("node")
    if not node:
        raise ConfigurationError("Node.js is not here. Install it, or set FIREBASE_PROJECT_ID to a project of yours.")
    if not bundle.is_file():
        raise ConfigurationError("The sign-in emulator is not here: run `make setup`, or set FIREBASE_PROJECT_ID.")
    return [node, str(bundle)]


def emulator_env(project_id: str, port: int, path: str) -> dict[str, str]:
    """The whole environment of the emulator."""
    return {"PATH": path, "PORT": str(port), "GCLOUD_PROJECT": project_id, "NODE_ENV": "production"}


async def create_users(address: str, project_id: str, users: Iterable[DemoUser]) -> None:
    """Let `users` sign in, and answer errors as Firebase does in production. The emulator forgets all when it ends."""
    base = f"{address}/identitytoolkit.googleapis.com"
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, headers=_OWNER) as client:
        config = f"{base}/v2/projects/{project_id}/config?updateMask=emailPrivacyConfig"
        settings = {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": True}}
        answers = [await client.patch(config, json=settings)]
        for user in users:
            account = {
                "localId": user.user_id,
                "email": user.email,
                "displayName": user.name,
                "password": user.password,
                "emailVerified": True,
            }
            answers.append(await client.post(f"{base}/v1/projects/{project_id}/accounts", json=account))
    for answer in answers:
        # Someone is there already when our readiness was asked twice; that is what we wanted.
        if answer.is_error and "DUPLICATE" not in answer.text and "EXISTS" not in answer.text:
            raise IdentityUnavailableError(detail=f"the Auth emulator answered {answer.status_code}")
