"""One real livekit-server for the whole run, for everything that is proved in rooms."""

from collections.abc import AsyncIterator

import pytest
from tests.support.media_server import media_server

from insta_voice.settings import LiveKitSettings


@pytest.fixture(scope="session")
async def livekit_server() -> AsyncIterator[LiveKitSettings]:
    """Settings that reach it, keys included."""
    async with media_server() as settings:
        yield settings
