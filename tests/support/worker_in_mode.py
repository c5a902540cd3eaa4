"""A worker of another mode beside the call center's own, on a scripted OpenAI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from tests.support.calls import CallCenter, Part
from tests.support.openai import ScriptedOpenAI


@asynccontextmanager
async def worker_in_mode(center: CallCenter, mode: str, openai: ScriptedOpenAI, **settings: str) -> AsyncIterator[str]:
    """Gives its agent's name, which calls are made to."""
    name = f"on-openai-{uuid4().hex[:6]}"
    environment = {**center.environment, **openai.settings, "VOICE_MODE": mode, "LIVEKIT_AGENT_NAME": name, **settings}
    worker = Part("worker", environment, center.directory)
    await worker.start()
    try:
        yield name
    finally:
        await worker.stop()
