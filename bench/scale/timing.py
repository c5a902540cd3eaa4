"""How long a search takes, by callers who ask one question after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

Search = Callable[[str], Awaitable[object]]


async def took_ms(search: Search, questions: Sequence[str], *, callers: int) -> list[float]:
    """The time of each search, by so many callers at once."""

    async def caller(number: int) -> list[float]:
        times = []
        for question in [*questions[number:], *questions[:number]]:  # not all the same at once
            began = time.perf_counter()
            await search(question)
            times.append(1000 * (time.perf_counter() - began))
        return times

    return [ms for times in await asyncio.gather(*(caller(9 * i) for i in range(callers))) for ms in times]
