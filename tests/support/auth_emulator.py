"""The real Firebase Auth emulator, from the bundle that set-up makes, and sign-ins with it."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.support.postgres import free_port

from insta_voice.auth.demo import DEMO_PROJECT_ID

BUNDLE = Path(__file__).parents[2] / ".tools" / "auth-emulator" / "auth-emulator.cjs"
PASSWORD = "open-sesame"
READY_WITHIN_S = 60  # 2 to 3 s alone; this machine may be busy with everything else


@dataclass(frozen=True)
class AuthEmulator:
    """A running emulator; `host` is host:port."""

    host: str

    async def create_user(self, user_id: str, email: str) -> None:
        """Make a user with an id of our choice."""
        async with httpx.AsyncClient(base_url=f"http://{self.host}/identitytoolkit.googleapis.com/v1") as http:
            made = await http.post(
                f"/projects/{DEMO_PROJECT_ID}/accounts",
                headers={"Authorization": "Bearer owner"},
                json={"localId": user_id, "email": email, "password": PASSWORD, "emailVerified": True},
            )
            made.raise_for_status()

    async def disable_user(self, user_id: str) -> None:
        """Disable a user, as the Firebase console does."""
        async with httpx.AsyncClient(base_url=f"http://{self.host}/identitytoolkit.googleapis.com/v1") as http:
            changed = await http.post(
                f"/projects/{DEMO_PROJECT_ID}/accounts:update",
                headers={"Authorization": "Bearer owner"},
                json={"localId": user_id, "disableUser": True},
            )
            changed.raise_for_status()

    async def sign_in(self, email: str) -> str:
        """The ID token the page would get."""
        async with httpx.AsyncClient(base_url=f"http://{self.host}/identitytoolkit.googleapis.com/v1") as http:
            signed_in = await http.post(
                "/accounts:signInWithPassword?key=any",
                json={"email": email, "password": PASSWORD, "returnSecureToken": True},
            )
            signed_in.raise_for_status()
            return str(signed_in.json()["idToken"])


@pytest.fixture(scope="session")
async def auth_emulator() -> AsyncIterator[AuthEmulator]:
    """One emulator for the session."""
    node = shutil.which("node")
    assert node, "Node is needed: see README.md"
    assert BUNDLE.is_file(), "the Auth emulator has not been brought: run make setup"
    host = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        node,
        str(BUNDLE),
        env={"PATH": os.environ["PATH"], "PORT": host.rsplit(":", 1)[1], "GCLOUD_PROJECT": DEMO_PROJECT_ID},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answers(f"http://{host}/")
        yield AuthEmulator(host)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    async with httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(url)
            except httpx.TransportError:
                assert time.monotonic() < deadline, f"{url} did not answer within {READY_WITHIN_S} s"
                await asyncio.sleep(0.05)
            else:
                return
