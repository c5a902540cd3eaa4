"""Moonshine base-en on onnxruntime, decoded greedily in numpy: 16 kHz speech in, English text out.

Weights: moonshine-cpp 0.1.4 (MIT), folded by `fold.py`. Measured on one thread: 3.4 s of speech in 0.3 s
(encoder a third of it, the rest 14 ms a token); in half of it where all but the last words are in the draft.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from insta_voice.voice.local.audio import Samples
from insta_voice.voice.local.greedy import GreedyDecoder
from insta_voice.voice.local.model_files import require_model_files
from insta_voice.voice.local.moonshine_tokens import TokenList
from insta_voice.voice.local.onnx_session import load_session

SAMPLE_RATE = 16_000
PAD_S = 0.2  # silence before and after: a segment cut close to the speech loses its first or last sound
TOKENS_PER_S = 6.5  # Moonshine's own bound; quick English speech is about 5
_EXTRA_TOKENS = 4  # the bound is too tight for less than a second


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was recognised.

    `mean_logprob` is the mean natural logarithm of the chosen tokens' probabilities.
    """

    text: str
    mean_logprob: float
    tokens: tuple[int, ...]
    compute_ms: float


class Moonshine:
    """Loaded once a process (1 s, 400 MB). Calls may come from several threads, each on one core."""

    model = "moonshine-base-en"

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the weights (default: the settings' folder). ConfigurationError without set-up."""
        files = require_model_files(folder)
        self._encoder = load_session(files.moonshine_encoder, optimize=False)
        self._tokens = TokenList(files.moonshine_tokens)
        self._decoder = GreedyDecoder(load_session(files.moonshine_decoder, optimize=False), self._tokens)

    def recognize(self, samples: Samples, draft: Sequence[int] = ()) -> Decoded:
        """`samples`: shape (n,), -1 to 1, 16 kHz mono, at most half a minute; longer is for `split_long`. `draft`: the
        tokens that were recognised of their beginning.
        """
        started = time.perf_counter()
        pad = np.zeros(int(PAD_S * SAMPLE_RATE), dtype=np.float32)
        audio = np.concatenate([pad, samples, pad])[None, :]
        hidden = self._encoder.run(None, {"input_values": audio})[0]  # (1, frames, 416)
        limit = math.ceil(len(samples) / SAMPLE_RATE * TOKENS_PER_S) + _EXTRA_TOKENS
        # No token of a draft may be one that the decoder has no number for.
        known = draft if all(0 <= token < len(self._tokens) for token in draft) else ()
        ids, logprobs = self._decoder.decode(hidden, limit, known[:limit])
        return Decoded(
            text=self._tokens.text(ids),
            mean_logprob=sum(logprobs) / len(logprobs) if logprobs else 0.0,
            tokens=tuple(ids),
            compute_ms=(time.perf_counter() - started) * 1000,
        )
