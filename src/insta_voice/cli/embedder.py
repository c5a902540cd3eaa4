"""The model that makes vectors, for commands: the running speech server's, else one in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from insta_voice.knowledge import Embedder, HttpEmbedder, LocalEmbedder, remote_embedder
from insta_voice.settings import Settings
from insta_voice.stack.up_file import read_up_file

_PROBE_TIMEOUT_S = 1.0  # a speech server on loopback answers in milliseconds or is not there


@asynccontextmanager
async def command_embedder(settings: Settings) -> AsyncIterator[Embedder]:
    """The running server's model, so that weights are not loaded twice; else a model in this process."""
    remote = remote_embedder(settings, await _running_speech_server(settings))
    if remote is None:
        from insta_voice.voice.local.minilm import MiniLM  # loads onnxruntime

    embedder: HttpEmbedder | LocalEmbedder = remote or LocalEmbedder(MiniLM())
    try:
        yield embedder
    finally:
        await embedder.aclose()


async def _running_speech_server(settings: Settings) -> str | None:
    up = read_up_file(settings.service.data_dir)
    url = settings.voice.speech_url or (up.speech_url if up else None)
    if url is None:
        return None
    try:
        async with httpx.AsyncClient(timeout=_PROBE_TIMEOUT_S) as client:
            address = "http" + url.removeprefix("http").removeprefix("ws")
            ready = await client.get(f"{address.rstrip('/')}/readyz")
    except httpx.HTTPError:
        return None
    return url if ready.status_code == httpx.codes.OK else None
