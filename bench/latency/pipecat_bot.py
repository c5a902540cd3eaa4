"""The process of a stock Pipecat bot, built as its LiveKit example says: `python -m bench.latency.pipecat_bot PORT`.

Silero's voice activity in the user's aggregator, the default turn strategies (Smart Turn), everything else as the
library has it; Moonshine and Piper on the speech server, a whole segment and a sentence at a time. A bot is sent for by
POST /calls/<room> with its join token as the body, which is answered once it is in the room.
"""

import asyncio
import os
import sys
from pathlib import Path

from aiohttp import web
from bench.latency.minds.in_pipecat import context, model
from bench.latency.minds.mind import Told
from bench.latency.pipecat_services import Moonshine, Piper
from bench.latency.script import GREETING
from bench.latency.written import WRITTEN_TO, Written
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_response_universal import (
    AssistantTurnStoppedMessage,
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
    UserTurnStoppedMessage,
)
from pipecat.transports.livekit.transport import LiveKitParams, LiveKitTransport
from pipecat.workers.runner import WorkerRunner

from insta_voice.readiness import notify_ready
from insta_voice.voice.local.client import SpeechClient


class Bots:
    """The calls of this process."""

    def __init__(self) -> None:
        self._client = SpeechClient(os.environ["VOICE_SPEECH_URL"])
        self._written = Written(Path(os.environ[WRITTEN_TO]))
        self._told = Told.by_environment()
        self._calls: set[asyncio.Task[None]] = set()

    async def call(self, request: web.Request) -> web.Response:
        """Send a bot to the room."""
        room = request.match_info["room"]
        transport = LiveKitTransport(
            url=os.environ["LIVEKIT_URL"],
            token=await request.text(),
            room_name=room,
            params=LiveKitParams(audio_in_enabled=True, audio_out_enabled=True),
        )
        worker = self._worker(transport, room)
        connected = asyncio.Event()

        async def is_there(*_: object) -> None:
            connected.set()

        async def greet(*_: object) -> None:
            await worker.queue_frame(TTSSpeakFrame(GREETING))

        async def end(*_: object) -> None:
            await worker.cancel()

        transport.add_event_handler("on_connected", is_there)
        transport.add_event_handler("on_first_participant_joined", greet)
        transport.add_event_handler("on_participant_disconnected", end)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        task = asyncio.create_task(runner.run(), name=f"call {room}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        await connected.wait()
        return web.Response()

    def _worker(self, transport: LiveKitTransport, room: str) -> PipelineWorker:
        user, assistant = LLMContextAggregatorPair(
            context(self._told), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
        )

        async def asked(_: object, strategy: object, message: UserTurnStoppedMessage) -> None:
            self._written.note(room, "caller", message.content or "")

        async def answered(_: object, message: AssistantTurnStoppedMessage) -> None:
            self._written.note(room, "assistant", message.content, interrupted=message.interrupted)

        user.add_event_handler("on_user_turn_stopped", asked)
        assistant.add_event_handler("on_assistant_turn_stopped", answered)
        stt, tts = Moonshine(self._client), Piper(self._client)
        steps = [transport.input(), stt, user, model(self._told), tts, transport.output(), assistant]
        return PipelineWorker(Pipeline(steps), params=PipelineParams(enable_metrics=True, enable_usage_metrics=True))


async def serve(port: int) -> None:
    """Until it is told to stop."""
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    app = web.Application()
    app.router.add_post("/calls/{room}", Bots().call)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    notify_ready("bots can be sent for")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
