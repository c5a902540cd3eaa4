"""Whether work grows with what it is done to, or with its square: what a hostile document is made for."""

import time
from collections.abc import Callable

TRIES = 3
ALMOST_LINEAR = 3.0
"""Twice the size takes linear work twice as long, and quadratic work four times."""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as much processor time twice the size takes, the least of a few tries each."""
    return _least_s(work, 2 * size) / _least_s(work, size)


def _least_s(work: Callable[[int], object], size: int) -> float:
    return min(_took_s(work, size) for _ in range(TRIES))


def _took_s(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    work(size)
    return time.process_time() - began
