"""The models that make vectors, for commands. The local one is a running speech server's, else one in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from insta_voice.errors import ConfigurationError
from insta_voice.knowledge import Embedders, LocalEmbedder, embedders_of
from insta_voice.settings import Settings
from insta_voice.stack.up_file import read_up_file

_PROBE_TIMEOUT_S = 1.0  # a speech server on loopback answers in milliseconds or is not there


@asynccontextmanager
async def command_embedder(settings: Settings) -> AsyncIterator[Embedders]:
    """The settings' model, and the local one beside it: the running server's, so that weights are not loaded twice;
    else one in this process, which OpenAI's vectors can do without.
    """
    embedders = embedders_of(settings, await _running_speech_server(settings), in_process=lambda: _in_process(settings))
    assert embedders is not None, "the model of this process, or a sentence about its set-up"
    try:
        yield embedders
    finally:
        await embedders.aclose()


def _in_process(settings: Settings) -> LocalEmbedder | None:
    try:
        from insta_voice.voice.local.text_vectors import TextVectors  # loads onnxruntime

        return LocalEmbedder(TextVectors())
    except (ImportError, ConfigurationError):
        if settings.knowledge.embeddings == "local":
            raise
        return None


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
