"""`POST /v1/embeddings`."""

import re
import zlib

import numpy as np
from tests.support.openai.checked import Json, checked
from tests.support.openai.tokens import text_tokens

from openai.types import CreateEmbeddingResponse

_DIMENSIONS = {"text-embedding-3-large": 3072}  # the others have 1536


def vector(text: str, model: str) -> list[float]:
    """A unit vector, the same each time; texts that share words are near each other. Models do not understand each
    other."""
    size = _DIMENSIONS.get(model, 1536)
    parts = [np.random.default_rng(zlib.crc32(f"{model} {word}".encode())).normal(size=size) for word in _words(text)]
    total = np.sum(parts, axis=0)
    return [float(number) for number in total / np.linalg.norm(total)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold()) or [""]


def vectors(body: Json) -> Json:
    """The answer to a request for vectors."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    cost = text_tokens(*texts)
    data = [
        {"object": "embedding", "index": index, "embedding": vector(text, body["model"])}
        for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": cost, "total_tokens": cost}
    return checked(CreateEmbeddingResponse, {"object": "list", "data": data, "model": body["model"], "usage": usage})
