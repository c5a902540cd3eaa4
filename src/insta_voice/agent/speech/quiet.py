"""When nobody speaks, and nothing is about to be said."""

import asyncio
from collections.abc import Callable

_QUIET_FOR_S = 0.5  # between a question and its answer there is a moment in which neither is under way
_LOOKED_EVERY_S = 0.05


async def quiet_moment(quiet: Callable[[], bool]) -> None:
    """Wait until it has been `quiet` for half a second."""
    looks = round(_QUIET_FOR_S / _LOOKED_EVERY_S)
    in_a_row = 0
    while in_a_row < looks:
        in_a_row = in_a_row + 1 if quiet() else 0
        await asyncio.sleep(_LOOKED_EVERY_S)
