"""What seconds are counted by in a call."""

import asyncio


def loop_time_s() -> float:
    """The running loop's own clock: monotonic, and virtual where a test's loop is. Its timers go by it too."""
    return asyncio.get_running_loop().time()
