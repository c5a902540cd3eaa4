"""The process of a stock LiveKit agent, built as its documentation says: `python -m bench.latency.livekit_agent stock`.

Silero's voice activity and the local turn detector (`v1-mini`, the one without a cloud), a recogniser that does not
stream behind a StreamAdapter, everything else as the library has it. `tuned` sets what its settings allow to be quicker
and to stop for less time. Two settings are for a small machine: no load refuses a call, and a process has a minute to
start.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Final, Literal

from bench.latency.livekit_stock import TUNED
from bench.latency.minds.in_livekit import agent, model
from bench.latency.minds.mind import Told
from bench.latency.script import GREETING
from bench.latency.segments import SegmentSTT
from bench.latency.written import WRITTEN_TO, Written
from livekit.agents import AgentServer, AgentSession, JobContext, JobProcess, TurnHandlingOptions, inference, stt
from livekit.agents.llm import ChatMessage
from livekit.agents.voice.events import ConversationItemAddedEvent

from insta_voice.readiness import notify_ready
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.tts import LocalTTS

_STARTS_WITHIN_S = 60.0  # its own 10 s kill a process that loads models on a busy two-core machine
# As quick as its settings go without cutting people off more than the defaults do: 0.3 s is the shortest that the
# streaming detector's own defaults have; half a second of silence says that nobody interrupted.
_TUNED: Final = TurnHandlingOptions(
    endpointing={"min_delay": 0.3, "max_delay": 2.5},
    interruption={"min_duration": 0.3, "false_interruption_timeout": 0.5, "resume_false_interruption": True},
    preemptive_generation={"enabled": True, "preemptive_tts": True},
)
_SPEAKERS: Final[dict[str, Literal["caller", "assistant"]]] = {"user": "caller", "assistant": "assistant"}


def prewarm(process: JobProcess) -> None:
    """What its documentation loads ahead of a call."""
    process.userdata["vad"] = inference.VAD()


async def hold_call(context: JobContext) -> None:
    """One call: greet, then answer."""
    settings = _TUNED if context.job.agent_name == TUNED else TurnHandlingOptions()
    client = SpeechClient(os.environ["VOICE_SPEECH_URL"])
    context.add_shutdown_callback(client.aclose)
    vad, told = context.proc.userdata["vad"], Told.by_environment()
    session: AgentSession[Any] = AgentSession(
        vad=vad,
        stt=stt.StreamAdapter(stt=SegmentSTT(client), vad=vad),
        llm=model(told),
        tts=LocalTTS("", client=client),
        turn_handling=TurnHandlingOptions(
            {**settings, "turn_detection": inference.TurnDetector(version="v1-mini")},
        ),
    )
    written, call_id = Written(Path(os.environ[WRITTEN_TO])), context.room.name

    @session.on("conversation_item_added")
    def note(event: ConversationItemAddedEvent) -> None:
        if isinstance(event.item, ChatMessage) and event.item.role in _SPEAKERS:
            text, interrupted = event.item.text_content or "", event.item.interrupted
            written.note(call_id, _SPEAKERS[event.item.role], text, interrupted=interrupted)

    await session.start(agent=agent(told), room=context.room)
    session.say(GREETING)


async def serve(agent_name: str) -> None:
    """Until it is told to stop."""
    server = AgentServer(
        host="127.0.0.1",
        port=0,
        load_fnc=lambda: 0.0,
        num_idle_processes=1,
        initialize_process_timeout=_STARTS_WITHIN_S,
        setup_fnc=prewarm,
        log_level="WARN",
    )
    server.rtc_session(hold_call, agent_name=agent_name)
    server.on("worker_registered", lambda *_: notify_ready("registered with LiveKit"))
    await server.run(devmode=False)


if __name__ == "__main__":
    # Jobs are processes of their own, which have to find what they run by a name that is not __main__'s.
    from bench.latency.livekit_agent import serve as by_name

    asyncio.run(by_name(sys.argv[1]))
