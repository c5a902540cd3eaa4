"""Greedy decoding of Moonshine: the most probable token again and again, quicker where a draft says what will come.

A segment is recognised several times while it grows, and says nearly the same each time. What was recognised of its
beginning is a draft: the decoder reads it in one step and keeps it as far as it would have said the same itself, so
that only what is new costs a step a token. The words are those of decoding without it.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime as ort

from insta_voice.voice.local.audio import Samples
from insta_voice.voice.local.moonshine_tokens import END, START, TokenList, repeated_tail

_ECHO = 3  # a phrase that a text ends with so often is the decoder's, not the caller's
_RUNAWAY = 8  # nobody says a phrase so often: it would go on to the limit
# After a word that comes out differently, the rest of the draft is read again where it fits: a comma may be new, or a
# word another one. Reading costs as much as two to three steps.
_FITS_WITHIN = 3  # tokens
_WORTH_READING = 4  # tokens that are left
_READINGS = 3
# Of coughs, doors, keys and fans the decoder is sure that they say nothing (0.96 and more), of music nearly: there it
# has one other thing to say. Of a number between two pauses ("eight five five seven") it half believes so (0.4 to
# 0.83), and would leave it out.
_SURE_OF_NOTHING = math.log(0.9)
_OF_MUSIC = "You"

Past = Mapping[str, Samples]


class GreedyDecoder:
    """On the session of the merged decoder. May be used from several threads at once."""

    def __init__(self, session: ort.InferenceSession, tokens: TokenList) -> None:
        self._session = session
        self._tokens = tokens
        self._past = [node for node in session.get_inputs() if node.name.startswith("past_key_values.")]
        self._outputs = [node.name for node in session.get_outputs()]
        self._of_music = tokens.word(_OF_MUSIC)

    def decode(self, hidden: Samples, limit: int, draft: Sequence[int] = ()) -> tuple[list[int], list[float]]:
        """The tokens of `hidden`, shape (1, frames, 416), and the natural logarithm of each one's probability, with
        that of the end where it came. At most `limit` tokens.
        """
        ids: list[int] = []
        logprobs: list[float] = []
        rest, readings = list(draft), 0
        while True:
            # Every row of logits says what follows one more token of ids + rest.
            rows, past = self._read(hidden, [*ids, *rest])
            readings += 1
            rows = rows[len(ids) :]
            for place, row in enumerate(rows):
                if self._take(row, ids, logprobs, limit):
                    return self._without_echo(ids, logprobs)
                if place == len(rest) or ids[-1] != rest[place]:
                    break
            rest = rest[place:]
            past = {name: value[:, :, : len(ids)] if ".decoder." in name else value for name, value in past.items()}
            while not (fits := _rest_after(ids[-1], rest) if readings < _READINGS else None):
                row, past = self._step(hidden, ids[-1], past)
                if self._take(row, ids, logprobs, limit):
                    return self._without_echo(ids, logprobs)
            rest = fits

    def _take(self, row: Samples, ids: list[int], logprobs: list[float], limit: int) -> bool:
        """Add the most probable token of a row of logits; true when it was the last."""
        token, logprob = _best(row)
        if token == END and not ids and logprob < _SURE_OF_NOTHING:
            other = _best(np.where(np.arange(row.size) == END, -np.inf, row))
            token, logprob = (token, logprob) if other[0] == self._of_music else other
        logprobs.append(logprob)
        if token == END:
            return True
        ids.append(token)
        runs_away = repeated_tail(ids, times=_RUNAWAY) and not self._tokens.has_digit(token)
        return bool(runs_away) or len(ids) >= limit

    def _read(self, hidden: Samples, ids: Sequence[int]) -> tuple[Samples, Past]:
        """The logits after the start and after each of `ids`, shape (ids + 1, 32768), and what the steps after need."""
        # Each past tensor: (1, 8 heads, tokens so far, 52)
        nothing = {node.name: np.zeros((1, node.shape[1], 0, node.shape[3]), np.float32) for node in self._past}
        logits, present = self._run(hidden, [START, *ids], nothing, cached=False)
        return logits, present

    def _step(self, hidden: Samples, token: int, past: Past) -> tuple[Samples, Past]:
        """The encoder's keys and values come out of the first reading and are kept; steps return them empty."""
        logits, present = self._run(hidden, [token], past, cached=True)
        return logits[0], {**past, **{name: value for name, value in present.items() if ".decoder." in name}}

    def _run(self, hidden: Samples, ids: Sequence[int], past: Past, *, cached: bool) -> tuple[Samples, Past]:
        feeds = {
            "input_ids": np.array([ids], dtype=np.int64),
            "encoder_hidden_states": hidden,
            "use_cache_branch": np.array([cached]),
            **past,
        }
        logits, *present = self._session.run(self._outputs, feeds)
        names = (name.replace("present", "past_key_values") for name in self._outputs[1:])
        return logits[0], dict(zip(names, present, strict=True))

    def _without_echo(self, ids: list[int], logprobs: list[float]) -> tuple[list[int], list[float]]:
        """Only what the text ends with: "no, no, no, I mean the invoice" goes on."""
        surplus = 0 if ids and self._tokens.has_digit(ids[-1]) else repeated_tail(ids, times=_ECHO)
        return ids[: len(ids) - surplus], logprobs[: len(ids) - surplus]


def _rest_after(token: int, rest: Sequence[int]) -> list[int] | None:
    """What is left of a draft after `token`, where that is about to come and enough is left to be worth it."""
    near = list(rest[:_FITS_WITHIN])
    left = list(rest[near.index(token) + 1 :]) if token in near else []
    return left if len(left) >= _WORTH_READING else None


def _best(logits: Samples) -> tuple[int, float]:
    token = int(np.argmax(logits))
    peak = logits[token]
    return token, -float(np.log(np.exp(logits - peak).sum()))
