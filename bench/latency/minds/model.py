"""The process of the scripted model, which speaks OpenAI's protocol: `python -m bench.latency.minds.model PORT`."""

import asyncio
import sys

from bench.latency.minds.mind import FIRST_TOKEN_MS, MODEL, WHOLE_MS
from bench.latency.minds.reply import reply_to
from tests.support.openai import Pace, serving_openai

from insta_voice.readiness import notify_ready


async def serve(port: int) -> None:
    """Until it is told to stop."""
    pace = Pace(FIRST_TOKEN_MS / 1000, WHOLE_MS / 1000)
    async with serving_openai(mind=reply_to, pace=pace, port=port) as openai:
        openai.models = (MODEL,)
        notify_ready("the scripted model answers")
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
