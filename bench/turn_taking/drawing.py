"""What is drawn for a case: its text, its voice and its moments, from the seed, its kind and its number alone."""

import random
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.turn_taking.plan import Must, Plan

TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def chance_of(*of: object) -> random.Random:
    return random.Random("/".join(map(str, of)))  # noqa: S311  (no secret)


def voice_of(chance: random.Random) -> dict[str, float]:
    """How a caller sounds, and when they begin."""
    return {
        "speed": round(chance.uniform(0.85, 1.25), 2),
        "pitch": round(chance.uniform(0.9, 1.08), 3),
        "level_dbfs": round(chance.uniform(-26.0, -18.0), 1),
        "begins_s": round(chance.uniform(0.6, 1.2), 2),
    }


def spread(low: float, high: float, index: int, count: int) -> float:
    """The case's own step between two values, so that all of the range is there."""
    return round(low + (high - low) * index / max(1, count - 1), 2)


class Kind:
    """The cases of one kind."""

    def __init__(self, seed: int, kind: str, must: Must) -> None:
        self._seed, self._kind, self._must = seed, kind, must

    def texts(self, texts: Sequence[Any], count: int) -> Iterator[tuple[int, Any]]:
        """`count` of them in the seed's order, again from the beginning when there are fewer."""
        drawn = chance_of(self._seed, self._kind).sample(texts, len(texts))
        return ((index, drawn[index % len(drawn)]) for index in range(count))

    def chance(self, index: int) -> random.Random:
        return chance_of(self._seed, self._kind, index, "choices")

    def plan(self, index: int, sort: str = "", **fields: Any) -> Plan:
        seed = f"{self._seed}/{self._kind}/{index}"
        fields = {**voice_of(chance_of(seed)), **fields}
        return Plan(f"{self._kind}-{index:02}", self._kind, sort, self._must, seed, **fields)
