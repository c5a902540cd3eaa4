"""Promise 15 inside a process: 200 local calls in a row, each with an interruption, a hum and a guess that came true,
and ended in the middle of something, leave no task, thread or file and nothing of a call behind. On the virtual clock;
what processes hold after real calls is test_promise_15_nothing_left_behind.
"""

from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

import pytest
from livekit.agents import AgentSession
from livekit.agents.voice import SpeechHandle
from tests.support.left_behind import Holding, holding
from tests.support.memory_call.busy import ENDS, BusyCall, End
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.assistant import Assistant
from insta_voice.agent.conversation import Conversation
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.listener import Listener
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.speech.playout import Playout
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.recognition import Attempt
from insta_voice.voice.local.client import SpeechClient
from insta_voice.voice.local.connection import Connection
from insta_voice.voice.local.prepared import PreparedSpeech
from insta_voice.voice.local.tts import LocalSynthesizeStream, LocalTTS

CALLS = 200  # four a second
OF_A_CALL = (
    *(TurnEngine, Attempt, Listener, Ahead, TurnEvidence, Conversation, Assistant, Journal, Recorder, Reply),
    *(Speech, Playout, SpeechClient, Connection, PreparedSpeech, LocalTTS, LocalSynthesizeStream),
    *(AgentSession, SpeechHandle),
)


async def _held(ends: Iterable[End], data_dir: Path) -> Holding:
    for end in ends:
        await BusyCall().hold(end, data_dir)
    return await holding()


@pytest.mark.timeout(300)
@on_virtual_clock
async def test_calls_in_a_row_leave_nothing_behind(tmp_path: Path) -> None:
    before = await _held(ENDS, tmp_path)  # caches are filled
    after = await _held(islice(cycle(ENDS), CALLS), tmp_path)
    assert after.more_of(OF_A_CALL, before) == []
    assert after.more_than(before) == []
