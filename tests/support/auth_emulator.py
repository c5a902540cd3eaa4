"""The real Firebase Auth emulator, from the bundle that set-up makes, and sign-ins with it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.postgres import free_port

from insta_voice.auth.demo import DEMO_PROJECT_ID
from insta_voice.stack.auth_emulator import emulator_command, emulator_env

PASSWORD = "open-sesame"
READY_WITHIN_S = 60  # 2 to 3 s alone; this machine may be busy with everything else


@dataclass(frozen=True)
class AuthEmulator:
    """A running emulator; `host` is host:port."""

    host: str
    process: asyncio.subprocess.Process

    async def sign_up(self, email: str) -> str:
        """The uid of who signs up on the page."""
        async with httpx.AsyncClient(base_url=f"http://{self.host}/identitytoolkit.googleapis.com/v1") as http:
            made = await http.post("/accounts:signUp?key=any", json={"email": email, "password": PASSWORD})
            made.raise_for_status()
            return str(made.json()["localId"])

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

    async def uid(self, email: str, password: str) -> str:
        """Whom this address and password sign in."""
        return str((await self._sign_in(email, password))["localId"])

    async def sign_in(self, email: str) -> str:
        """The ID token the page would get."""
        return str((await self._sign_in(email, PASSWORD))["idToken"])

    async def _sign_in(self, email: str, password: str) -> Any:
        async with httpx.AsyncClient(base_url=f"http://{self.host}/identitytoolkit.googleapis.com/v1") as http:
            signed_in = await http.post(
                "/accounts:signInWithPassword?key=any",
                json={"email": email, "password": password, "returnSecureToken": True},
            )
            signed_in.raise_for_status()
            return signed_in.json()


@pytest.fixture(scope="session")
async def auth_emulator(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AuthEmulator]:
    """One emulator for the session."""
    async with running_emulator(tmp_path_factory.mktemp("auth") / "accounts.json") as emulator:
        yield emulator


@asynccontextmanager
async def running_emulator(accounts: Path) -> AsyncIterator[AuthEmulator]:
    """An emulator that keeps its accounts in a file; it may be killed meanwhile."""
    port = free_port()
    host = f"127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *emulator_command(),
        env=emulator_env(DEMO_PROJECT_ID, port, os.environ["PATH"], accounts),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answers(f"http://{host}/")
        yield AuthEmulator(host, process)
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
