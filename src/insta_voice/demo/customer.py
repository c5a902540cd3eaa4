"""The demo customer's side of the door: signs in at the Auth emulator, asks for join tokens, reads back their calls."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from insta_voice.errors import ConfigurationError, InstaVoiceError

_TIMEOUT_S = 10.0
_INSTA_VOICE = Path(sys.executable).parent / "insta-voice"


@dataclass(frozen=True, slots=True)
class Installation:
    """What `up.json` says of a running installation."""

    url: str
    auth_emulator: str
    speech_url: str
    passwords: dict[str, str]

    @classmethod
    def running_in(cls, data_dir: Path) -> Self:
        """The installation of a data directory; ConfigurationError when it is not up or has no demo users."""
        try:
            up = json.loads((data_dir / "up.json").read_text())
        except FileNotFoundError:
            raise ConfigurationError(f"Nothing runs in {data_dir}. Start it with `make run`.") from None
        if not (up["auth_emulator"] and up["demo_users"] and up["speech_url"]):
            raise ConfigurationError(
                "The demo calls as Maya of the demo company, who is not in this installation: "
                "it has DEMO_CONTENT=false, or a database, a sign-in or a speech server of its own. "
                "Hold it beside this one, without your .env: "
                f"mkdir -p .data/demo && cd .data/demo && {_INSTA_VOICE} demo"
            )
        passwords = {user["email"]: user["password"] for user in up["demo_users"]}
        return cls(up["url"], up["auth_emulator"], up["speech_url"], passwords)

    async def mode(self, asked: str) -> str:
        """In which mode it holds calls, as its page says; ConfigurationError when VOICE_MODE `asked` for another."""
        async with httpx.AsyncClient(base_url=self.url, timeout=_TIMEOUT_S) as http:
            answer = await http.get("/api/config")
        answer.raise_for_status()
        mode: str = answer.json()["mode"]
        if asked not in ("auto", mode):
            raise ConfigurationError(
                f"What runs at {self.url} holds calls in mode {mode}, and VOICE_MODE is {asked}. "
                "Stop it, or set INSTA_DATA_DIR to another directory."
            )
        return mode


class Customer:
    """A signed-in demo customer, speaking to the product's API like the page does."""

    def __init__(self, installation: Installation, email: str) -> None:
        self._installation = installation
        self._email = email
        self._http = httpx.AsyncClient(base_url=installation.url, timeout=_TIMEOUT_S)

    async def __aenter__(self) -> Self:
        emulator = self._installation.auth_emulator.removeprefix("http://").rstrip("/")
        answer = await self._http.post(
            f"http://{emulator}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword",
            params={"key": "demo"},
            json={
                "email": self._email,
                "password": self._installation.passwords[self._email],
                "returnSecureToken": True,
            },
        )
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['idToken']}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def join_token(self) -> dict[str, str]:
        """A fresh token response: server_url, participant_token, room_name, call_id."""
        answer = await self._http.post("/api/token")
        if answer.status_code != httpx.codes.CREATED:
            raise InstaVoiceError(answer.json().get("detail"))
        token: dict[str, str] = answer.json()
        return token

    async def calls(self) -> list[dict[str, Any]]:
        """The customer's calls, newest first."""
        answer = await self._http.get("/api/me/calls")
        answer.raise_for_status()
        calls: list[dict[str, Any]] = answer.json()["calls"]
        return calls

    async def call(self, call_id: str) -> dict[str, Any]:
        """One of the customer's calls with its turns."""
        answer = await self._http.get(f"/api/me/calls/{call_id}")
        answer.raise_for_status()
        call: dict[str, Any] = answer.json()
        return call
