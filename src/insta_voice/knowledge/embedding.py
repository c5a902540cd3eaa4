"""Text into vectors: the port, an OpenAI-compatible server behind it, and a model in this process behind it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx

from insta_voice.costs import LOCAL_PROVIDER, Usage
from insta_voice.errors import EmbeddingError
from insta_voice.settings import Settings

# The model on the CPU: MiniLM in the speech server or in this process.
LOCAL_MODEL, LOCAL_DIMENSIONS = "all-MiniLM-L6-v2", 384
_OPENAI_URL = "https://api.openai.com/v1"
_OPENAI_DIMENSIONS = 1536  # text-embedding-3-small; the migration has an index for it


class Embedder(Protocol):
    """Turns texts into unit vectors of `dimensions` numbers; `model` names the vectors' home in the database."""

    @property
    def model(self) -> str:
        """The model's name, kept beside every vector."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order. EmbeddingError when the model cannot be reached."""
        ...


class SyncEmbedder(Protocol):
    """A model in this process, such as `insta_voice.voice.local.minilm.MiniLM`."""

    @property
    def model(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Blocking; one vector a text."""
        ...


class LocalEmbedder:
    """A model of this process on worker threads. Two, because two texts at a time gave 25 chunks a second where
    one gave 18, and batches were slower than either."""

    def __init__(self, model: SyncEmbedder, *, threads: int = 2) -> None:
        self._embedder = model
        self.model = model.model
        self.dimensions = model.dimensions
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embedding")

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See Embedder."""
        loop = asyncio.get_running_loop()
        shares = [list(texts[i :: self._threads]) for i in range(self._threads)]
        done = await asyncio.gather(
            *(loop.run_in_executor(self._pool, self._embedder.embed, share) for share in shares if share)
        )
        vectors: list[list[float]] = [[] for _ in texts]
        for offset, share in enumerate(done):
            vectors[offset :: self._threads] = share
        return vectors

    async def aclose(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class HttpEmbedder:
    """A server with OpenAI's `POST /embeddings`: OpenAI itself, the speech server, Ollama, vLLM.

    `base_url` ends where the API's version does ("https://api.openai.com/v1"). `used` is told what each request used;
    `provider` names who is paid for it, the host when it is not given.
    """

    # A question's vector takes 10 ms; ten seconds is a batch of an ingestion behind a busy speech server.
    _TIMEOUT_S = 30.0
    # OpenAI takes 2,048 inputs a request; small batches let a caller's question in between on the speech server.
    _BATCH = 32

    def __init__(
        self, base_url: str, api_key: str | None, model: str, dimensions: int, *, provider: str | None = None
    ) -> None:
        self.model = model
        self.dimensions = dimensions
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
            raise EmbeddingError(detail=f"HTTP {error.response.status_code}") from error
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise EmbeddingError(detail=type(error).__name__) from error
        if len(vectors) != len(texts) or any(len(vector) != self.dimensions for vector in vectors):
            raise EmbeddingError(detail=f"not {len(texts)} vectors of {self.dimensions} dimensions")
        self.used(Usage(self._provider, self.model, text_input_tokens=tokens))
        return vectors

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def remote_embedder(settings: Settings, speech_url: str | None) -> HttpEmbedder | None:
    """The server that makes the vectors by the settings; None when it is to be this process's own model.

    `speech_url` is a running speech server (ws:// or http://), if there is one.
    """
    if settings.knowledge.embeddings == "openai":
        openai = settings.openai
        key = openai.api_key.get_secret_value() if openai.api_key else None
        return HttpEmbedder(openai.base_url or _OPENAI_URL, key, openai.embedding_model, _OPENAI_DIMENSIONS)
    if speech_url is None:
        return None
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
