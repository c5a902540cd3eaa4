"""Text streams from the room, read no further than they are used: a sender may have no end, or never come to one."""

import asyncio

from livekit import rtc


async def beginning(reader: rtc.TextStreamReader, *, characters: int, within_s: float) -> str:
    """The first `characters` of a stream, which is closed. Raises rtc.StreamError where its sender broke off, and
    TimeoutError where it was not done in time.
    """
    text = ""
    try:
        async with asyncio.timeout(within_s):
            async for chunk in reader:
                text += chunk[: characters - len(text)]
                if len(text) >= characters:
                    break
    finally:
        reader.close()
    return text
