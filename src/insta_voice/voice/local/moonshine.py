"""Moonshine base-en on onnxruntime, decoded greedily in numpy: 16 kHz speech in, English text out.

Weights: moonshine-cpp 0.1.4 (MIT), folded by `fold.py`. Measured on one thread: 3.4 s of speech in 0.3 s
(encoder a third of it, the rest 14 ms a token). The encoder's keys and values come out of the first decoder
step and are kept; the later steps return them empty.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from insta_voice.voice.local.audio import Samples
from insta_voice.voice.local.model_files import require_model_files
from insta_voice.voice.local.moonshine_tokens import END, START, TokenList, repeated_tail
from insta_voice.voice.local.onnx_session import load_session

SAMPLE_RATE = 16_000
PAD_S = 0.2  # silence before and after: a segment cut close to the speech loses its first or last sound
TOKENS_PER_S = 6.5  # Moonshine's own bound; quick English speech is about 5
_ECHO = 3  # a phrase that a text ends with so often is the decoder's, not the caller's
_RUNAWAY = 8  # nobody says a phrase so often: it would go on to the limit
_EXTRA_TOKENS = 4  # the bound is too tight for less than a second


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was recognised.

    `mean_logprob` is the mean natural logarithm of the chosen tokens' probabilities.
    """

    text: str
    mean_logprob: float
    tokens: int
    compute_ms: float


class Moonshine:
    """Loaded once a process (1 s, 400 MB). Calls may come from several threads, each on one core."""

    model = "moonshine-base-en"

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the weights (default: the settings' folder). ConfigurationError without set-up."""
        files = require_model_files(folder)
        self._encoder = load_session(files.moonshine_encoder, optimize=False)
        self._decoder = load_session(files.moonshine_decoder, optimize=False)
        self._tokens = TokenList(files.moonshine_tokens)
        self._past = [node for node in self._decoder.get_inputs() if node.name.startswith("past_key_values.")]
        self._outputs = [node.name for node in self._decoder.get_outputs()]

    def recognize(self, samples: Samples) -> Decoded:
        """`samples`: shape (n,), -1 to 1, 16 kHz mono, at most half a minute; longer is for `split_long`."""
        started = time.perf_counter()
        pad = np.zeros(int(PAD_S * SAMPLE_RATE), dtype=np.float32)
        audio = np.concatenate([pad, samples, pad])[None, :]
        hidden = self._encoder.run(None, {"input_values": audio})[0]  # (1, frames, 416)
        limit = math.ceil(len(samples) / SAMPLE_RATE * TOKENS_PER_S) + _EXTRA_TOKENS
        ids, logprobs = self._decode(hidden, limit)
        return Decoded(
            text=self._tokens.text(ids),
            mean_logprob=sum(logprobs) / len(logprobs) if logprobs else 0.0,
            tokens=len(ids),
            compute_ms=(time.perf_counter() - started) * 1000,
        )

    def _decode(self, hidden: Samples, limit: int) -> tuple[list[int], list[float]]:
        """The most probable token again and again, until the end, the limit or a repetition."""
        # Each past tensor: (1, 8 heads, steps so far, 52)
        past = {node.name: np.zeros((1, node.shape[1], 0, node.shape[3]), np.float32) for node in self._past}
        ids: list[int] = []
        logprobs: list[float] = []
        token = START
        for step in range(limit):
            feeds = {
                "input_ids": np.array([[token]], dtype=np.int64),
                "encoder_hidden_states": hidden,
                "use_cache_branch": np.array([step > 0]),
                **past,
            }
            logits, *present = self._decoder.run(self._outputs, feeds)
            token, logprob = _best(logits[0, -1])
            logprobs.append(logprob)
            if token == END:
                break
            ids.append(token)
            for name, value in zip(self._outputs[1:], present, strict=True):
                if step == 0 or ".decoder." in name:
                    past[name.replace("present", "past_key_values")] = value
            if repeated_tail(ids, times=_RUNAWAY) and not self._tokens.has_digit(token):
                break
        # Only what the text ends with: "no, no, no, I mean the invoice" goes on.
        surplus = 0 if ids and self._tokens.has_digit(ids[-1]) else repeated_tail(ids, times=_ECHO)
        return ids[: len(ids) - surplus], logprobs[: len(ids) - surplus]


def _best(logits: Samples) -> tuple[int, float]:
    token = int(np.argmax(logits))
    peak = logits[token]
    return token, -float(np.log(np.exp(logits - peak).sum()))
