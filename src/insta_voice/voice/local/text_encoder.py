"""A small BERT as ONNX on the CPU: word pieces in, one unit vector out."""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from insta_voice.voice.local.onnx_session import load_session

Vector = NDArray[np.float32]
# What of the last layer stands for the text: the mean over its tokens, or the first one ([CLS]), as each was trained.
Pooling = Literal["mean", "first"]


class TextEncoder:
    """One model's weights. Calls may come from several threads."""

    def __init__(self, path: Path, pooling: Pooling) -> None:
        self._session = load_session(path)
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._pooling = pooling

    def encode(self, tokens: NDArray[np.int64]) -> Vector:
        """A vector of length 1. `tokens`: shape (tokens,), with [CLS] and [SEP]."""
        ids = tokens[None, :]
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: feeds[name] for name in self._inputs})[0]
        if hidden.ndim == 3:  # (1, tokens, numbers); with two dimensions the graph has pooled them already
            hidden = hidden.mean(axis=1) if self._pooling == "mean" else hidden[:, 0]
        return unit(hidden[0])


def unit(vector: Vector) -> Vector:
    """The same direction, of length 1."""
    length: np.float32 = np.linalg.norm(vector).astype(np.float32)
    return vector / length
