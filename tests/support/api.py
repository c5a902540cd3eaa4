"""The API as a client sees it: the real application on the test's own database, sign-ins signed with our key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.support.firebase import CertificateServer, SigningKey, claims, sign
from tests.support.postgres import TestDatabase
from tests.support.settings import complete_settings

from insta_voice.api.app import create_app
from insta_voice.api.services import Services
from insta_voice.settings import Settings

CLIENT = "203.0.113.5"


@dataclass
class Api:
    """A running application and a client of it."""

    app: FastAPI
    http: httpx.AsyncClient
    key: SigningKey
    settings: Settings = field(repr=False)

    @property
    def services(self) -> Services:
        """What the application holds open."""
        services: Services = self.app.state.services
        return services

    def bearer(self, user_id: str = "user-1", **changes: Any) -> dict[str, str]:
        """Headers of a signed-in person."""
        return {"Authorization": f"Bearer {sign(self.key, claims(sub=user_id, user_id=user_id, **changes))}"}

    async def ask_token(self, user_id: str = "user-1", **headers: str) -> httpx.Response:
        """POST /api/token as `user_id`."""
        return await self.http.post("/api/token", headers={**self.bearer(user_id), **headers})


@asynccontextmanager
async def serving(
    settings: Settings, key: SigningKey, *, page: Path | None = None, client: str = CLIENT
) -> AsyncIterator[Api]:
    """The application with these settings, started and stopped as a server would."""
    app = create_app(settings, page=page)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://help.test") as http,
    ):
        yield Api(app, http, key, settings)


StartApi = Callable[..., Awaitable[Api]]


@pytest.fixture
async def start_api(
    database: TestDatabase, certificate_server: CertificateServer, signing_key: SigningKey, tmp_path: Path
) -> AsyncIterator[StartApi]:
    """Starts the API with some variables changed; stopped at the end of the test."""
    async with AsyncExitStack() as running:

        async def start(*, page: Path | None = None, client: str = CLIENT, **variables: str | None) -> Api:
            settings = complete_settings(**{"DATABASE_URL": database.url, **variables})
            return await running.enter_async_context(
                serving(settings, signing_key, page=page or tmp_path / "no-page", client=client)
            )

        yield start


@pytest.fixture
async def api(start_api: StartApi) -> Api:
    """The API with complete production settings."""
    return await start_api()
