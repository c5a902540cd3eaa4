"""Text into vectors: the port, an OpenAI-compatible server behind it, and a model in this process behind it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx

from insta_voice.costs import LOCAL_PROVIDER, Usage
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge.retry_after import seconds_to_wait
from insta_voice.settings import Settings

# The models on the CPU, in the speech server or in this process, by the name of their common vectors.
LOCAL_MODEL, LOCAL_DIMENSIONS = "bge-small-en-v1.5+all-MiniLM-L6-v2", 768
_OPENAI_URL = "https://api.openai.com/v1"
# As OpenAI documents them; what another model's vectors have is seen from its first.
_OPENAI_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
# What a server says of a text that it does not take: too long, or of characters that it does not know.
_TEXT_REFUSED = (400, 413, 422)
# Tells a model that takes no text from one that does not take this one, and how many numbers its vectors have.
TAKEN_BY_ALL = "How many numbers?"


class TextRefusedError(EmbeddingError):
    """The model does not take one of these texts. Shorten it, or name another model."""


class Embedder(Protocol):
    """Turns texts into unit vectors of `dimensions` numbers; `model` names the vectors' home in the database."""

    @property
    def model(self) -> str:
        """The model's name, kept beside every vector."""
        ...

    @property
    def dimensions(self) -> int | None:
        """How many numbers a vector has; None while that is not known."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order. EmbeddingError when the model cannot be reached, TextRefusedError when it does
        not take one of them.
        """
        ...


class SyncEmbedder(Protocol):
    """A model in this process, such as `insta_voice.voice.local.text_vectors.TextVectors`."""

    @property
    def model(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Blocking; one vector a text."""
        ...


class LocalEmbedder:
    """A model of this process on worker threads. Two, because two texts at a time gave 25 chunks a second where
    one gave 18, and batches were slower than either. Whichever is free takes the next text, a passage or a sentence of
    a tenth of its length."""

    def __init__(self, model: SyncEmbedder, *, threads: int = 2) -> None:
        self._embedder = model
        self.model = model.model
        self.dimensions = model.dimensions
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embedding")

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See Embedder."""
        loop = asyncio.get_running_loop()
        made = await asyncio.gather(*(loop.run_in_executor(self._pool, self._embedder.embed, [text]) for text in texts))
        return [vector for [vector] in made]

    async def aclose(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class HttpEmbedder:
    """A server with OpenAI's `POST /embeddings`: OpenAI itself, the speech server, Ollama, vLLM.

    `base_url` ends where the API's version does ("https://api.openai.com/v1"). Without `dimensions` they are those of
    the first vector. `used` is told what each request used;
    `provider` names who is paid for it, the host when it is not given.
    """

    # A question's vector takes 10 ms. A batch of an ingestion takes ten seconds behind a busy speech server, and twice
    # as long where another ingestion's shares the one thread that is left to both; three times that is an outage.
    _TIMEOUT_S = 60.0
    # OpenAI takes 2,048 inputs a request; small batches let a caller's question in between on the speech server.
    _BATCH = 32

    def __init__(
        self, base_url: str, api_key: str | None, model: str, dimensions: int | None, *, provider: str | None = None
    ) -> None:
        self.model = model
        self.dimensions: int | None = dimensions
        self.used: Callable[[Usage], None] = lambda usage: None
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(base_url=base_url.rstrip("/") + "/", headers=headers, timeout=self._TIMEOUT_S)
        self._provider = provider or self._client.base_url.netloc.decode()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See Embedder."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), self._BATCH):
            vectors += await self._embed_batch(list(texts[start : start + self._BATCH]))
        return vectors

    async def _embed_batch(self, texts: list[str]) -> list[list[float]]:
        try:
            response = await self._client.post("embeddings", json={"model": self.model, "input": texts})
            response.raise_for_status()
            body: dict[str, Any] = response.json()
            rows: list[dict[str, Any]] = sorted(body["data"], key=lambda row: row["index"])
            vectors = [[float(number) for number in row["embedding"]] for row in rows]
            tokens = int((body.get("usage") or {}).get("prompt_tokens", 0))
        except httpx.HTTPStatusError as error:
            wait_s = seconds_to_wait(error.response.headers.get("retry-after"))
            refused = TextRefusedError if error.response.status_code in _TEXT_REFUSED else EmbeddingError
            raise refused(detail=f"HTTP {error.response.status_code}", retry_after_s=wait_s) from error
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise EmbeddingError(detail=type(error).__name__) from error
        dimensions = self.dimensions or len(vectors[0] if vectors else ())
        if len(vectors) != len(texts) or any(len(vector) != dimensions for vector in vectors):
            raise EmbeddingError(detail=f"not {len(texts)} vectors of {dimensions} dimensions")
        self.dimensions = dimensions
        self.used(Usage(self._provider, self.model, text_input_tokens=tokens))
        return vectors

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def openai_embedder(settings: Settings, model: str, dimensions: int | None = None) -> HttpEmbedder:
    """OpenAI, or the server of OPENAI_BASE_URL, with this model."""
    openai = settings.openai
    key = openai.api_key.get_secret_value() if openai.api_key else None
    return HttpEmbedder(openai.base_url or _OPENAI_URL, key, model, dimensions or _OPENAI_DIMENSIONS.get(model))


def speech_server_embedder(speech_url: str) -> HttpEmbedder:
    """The local model in a running speech server (ws:// or http://)."""
    base = "http" + speech_url.removeprefix("http").removeprefix("ws")
    return HttpEmbedder(f"{base.rstrip('/')}/v1", None, LOCAL_MODEL, LOCAL_DIMENSIONS, provider=LOCAL_PROVIDER)


_current: Embedder | None = None


def use_embedder(embedder: Embedder) -> None:
    """Make `embedder` this process's embedder, for functions called without one."""
    global _current
    _current = embedder


def current_embedder() -> Embedder:
    """This process's embedder; EmbeddingError when the entry point has not set one."""
    if _current is None:
        raise EmbeddingError(detail="no embedder in use: call use_embedder first")
    return _current
