"""Where in a sentence spoken as a whole its parts meet: found by laying the parts, spoken alone, along it."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
from bench.turn_taking.shaping import quietest, sounding
from bench.turn_taking.sounds import RATE_HZ

from insta_voice.voice.local.audio import Samples

_HOP = int(0.01 * RATE_HZ)
_WINDOW = int(0.025 * RATE_HZ)
_BANDS = 24
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 7000.0
_AROUND_S = 0.05  # there the quietest place is a gap between words, not a sound within one
_FLOOR = 1e-4  # of the loudest band: what is quieter is nothing


def meeting_places(parts: Sequence[Samples], whole: Samples) -> list[int]:
    """The samples of `whole` where one part is over and the next begins, each at the quietest place near it.

    All said by the same voice at the same speed: a part alone is drawn out at its end, and its words are the same.
    """
    frames = [_features(part[slice(*sounding(part))]) for part in parts]
    way = _cheapest_way(np.concatenate(frames), _features(whole))
    ends = list(accumulate(len(part) for part in frames))[:-1]
    places = [round((way[end - 1] + way[end]) / 2 * _HOP) for end in ends]
    around = int(_AROUND_S * RATE_HZ)
    return [quietest(whole, place - around, place + around) for place in places]


def _features(samples: Samples) -> npt.NDArray[np.float64]:
    """The logarithm of the power in each band and 10 ms, beside the mean of the band; shape (frames, bands)."""
    count = max(1, (samples.size - _WINDOW) // _HOP + 1)
    padded = np.pad(samples, (0, max(0, _WINDOW - samples.size)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][:count] * np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(frames, 512)) ** 2
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1) / RATE_HZ * 512
    bands = [power[:, int(low) : max(int(high), int(low) + 1)].mean(axis=1) for low, high in pairwise(edges)]
    heard = np.stack(bands, axis=1)
    return np.asarray(np.log10(heard + _FLOOR * heard.max()), np.float64)


def _cheapest_way(rows: npt.NDArray[np.float64], columns: npt.NDArray[np.float64]) -> list[int]:
    """The column each row lies at, from the first at the first to the last at the last (dynamic time warping)."""
    distances = np.linalg.norm(rows[:, None, :] - columns[None, :, :], axis=2).tolist()
    costs: list[list[float]] = []
    for number, row in enumerate(distances):
        costs.append([])
        for column, distance in enumerate(row):
            costs[-1].append(distance + min((cost for cost, _, _ in _before(costs, number, column)), default=0.0))
    way = [0] * len(costs)
    number, column = len(costs) - 1, len(costs[0]) - 1
    way[number] = column
    while number or column:
        _, number, column = min(_before(costs, number, column))
        way[number] = column
    return way


def _before(costs: list[list[float]], number: int, column: int) -> list[tuple[float, int, int]]:
    """The cells a way comes from, with their costs."""
    steps = ((number - 1, column - 1), (number - 1, column), (number, column - 1))
    return [(costs[row][place], row, place) for row, place in steps if row >= 0 and place >= 0]
