"""A call in words: what thinks, and who writes down what is said. `conversation` gives it ears, a voice and a room."""

from collections.abc import Callable, Sequence
from typing import Any

from livekit.agents import llm, stt, tts

from insta_voice.agent.asking import Asking
from insta_voice.agent.assistant import Assistant
from insta_voice.agent.grounding import Afterwards
from insta_voice.agent.minds import Minds
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.resumption import take_up
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.session import build_session
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn


class Dialogue:
    """One per call. Start its `session` with its `assistant`; what the caller said goes through `asking`."""

    def __init__(
        self,
        state: CallState,
        minds: Minds,
        recorder: Recorder,
        channel: RoomChannel,
        said_before: Sequence[Turn] = (),
        *,
        ears: stt.STT[Any] | None = None,
        voice: tts.TTS[Any] | None = None,
        spare: SpareVoice | None = None,
    ) -> None:
        """`said_before`: the turns that an earlier agent of this call has written. Without `ears` and `voice` the
        session is in writing; `spare` is for when the voice is away.
        """
        self._state = state
        self._minds = minds
        journal = self.journal = Journal(recorder, channel)
        journal.stand_in.own_mind = minds.mind.model
        journal.realtime_model = minds.mind.model if isinstance(minds.mind, llm.RealtimeModel) else ""
        journal.on_reply_done = self._reply_done
        minds.grounded.on_decision = journal.decided
        session = self.session = build_session(state, ears=ears, mind=minds.mind, voice=voice)
        session.on("speech_created", journal.speech_created)
        self.speech = Speech(session, journal, state, spare)
        journal.check_heard = Afterwards(session, state, self.speech).check
        self.asking = Asking(session, state, journal)
        past = take_up(said_before, state.evidence, minds.grounded) if said_before else None
        thinking = () if isinstance(minds.mind, llm.RealtimeModel) else (minds.mind, *minds.stand_ins)
        self.assistant = Assistant(state, journal, self.speech, past, minds=thinking, meter=minds.meter)
        self.on_reply_done: Callable[[Reply], None] = lambda reply: None

    def successor(self, said_before: llm.ChatContext) -> Assistant:
        """Who goes on when a realtime model cannot."""
        successor = Assistant(self._state, self.journal, self.speech, said_before, minds=self._minds.stand_ins)
        successor.listener = self.assistant.listener
        return successor

    def _reply_done(self, reply: Reply) -> None:
        if reply.answered:
            self._state.evidence.answered(reply.question, reply.sources[0].article_id if reply.sources else None)
        self.on_reply_done(reply)
