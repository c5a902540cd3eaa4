"""How long each side's search takes with the question's vector: round after round, one side after the other."""

from collections.abc import Awaitable, Callable, Sequence

import numpy as np
from bench.peers.side import OURS, Side
from bench.scale.made import FILTER
from bench.scale.timing import took_ms

from insta_voice.knowledge.search import MATCH_COUNT

ROUNDS = 3
_AT_ONCE_EACH = 4  # callers at once ask every fourth question: theirs are many together
_HEAD = """
| callers at once | side | searches | p50 / p95 / max ms | ours / theirs, p50 and p95 |
|---|---|---|---|---|"""


async def compare(heading: str, sides: Sequence[Side], questions: Sequence[str], callers: Sequence[int]) -> None:
    """Print a line for each side and number of callers at once."""
    for side in sides:
        await took_ms(_asking(side), questions, callers=1)  # nobody's first question is measured
    print(f"\n{heading}\n{_HEAD}")
    for at_once in callers:
        asked = questions[:: _AT_ONCE_EACH if at_once > 1 else 1]
        times: dict[str, list[float]] = {side.name: [] for side in sides}
        for number in range(ROUNDS):
            for side in [*sides[number:], *sides[:number]]:  # not always after the same one
                times[side.name] += await took_ms(_asking(side), asked, callers=at_once)
        mine = np.percentile(times[OURS], [50, 95])
        for name, took in times.items():
            p50, p95 = np.percentile(took, [50, 95])
            ratio = "" if name == OURS else f"{mine[0] / p50:.2f} and {mine[1] / p95:.2f}"
            figures = f"{len(took):,} | {p50:.0f} / {p95:.0f} / {max(took):.0f}"
            print(f"| {at_once} | {name} | {figures} | {ratio} |", flush=True)


def _asking(side: Side) -> Callable[[str], Awaitable[list[int]]]:
    async def ask(question: str) -> list[int]:
        return await side.ask(question, FILTER, MATCH_COUNT)

    return ask
