"""A call in words: what thinks, and who writes down what is said. `conversation` gives it ears, a voice and a room."""

import logging
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
from insta_voice.agent.server_turns import ServerTurns
from insta_voice.agent.session import build_session
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.state import CallState
from insta_voice.calls import Turn

log = logging.getLogger(__name__)


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
        session is in writing; `spare` is for when the voice is away. A realtime model that is left alone is not asked:
        who stands in for it begins.
        """
        self._state = state
        self._minds = minds
        journal = self.journal = Journal(recorder, channel, state.language)
        journal.stand_in.own_mind = minds.mind.model
        realtime = self.realtime = minds.mind if isinstance(minds.mind, llm.RealtimeModel) else None
        self.breaker = minds.breakers.of(f"{realtime.provider} {realtime.model}") if realtime else None
        self.stands_in = self.breaker is not None and bool(minds.stand_ins) and not self.breaker.admits()
        if self.stands_in:
            log.info("the realtime model is left alone: the call begins without it")
        journal.realtime_model = realtime.model if realtime and not self.stands_in else ""
        journal.on_reply_done = self._reply_done
        minds.grounded.on_decision = journal.decided
        session = self.session = build_session(state, ears=ears, mind=minds.mind, voice=voice)
        session.on("speech_created", journal.speech_created)
        self.speech = Speech(session, journal, state, spare)
        journal.check_heard = Afterwards(session, state, self.speech).check
        self.asking = Asking(session, state, journal)
        past = take_up(said_before, state.evidence, minds.grounded) if said_before else None
        decides = realtime is not None and realtime.capabilities.turn_detection
        self.server_turns = ServerTurns(session, journal, state.evidence) if decides else None
        self.assistant = self._assistant(past, stands_in=self.stands_in)
        self.left_unanswered: Callable[[], None] = self.speech.unanswered
        self.on_reply_done: Callable[[Reply], None] = lambda reply: None

    def successor(self, said_before: llm.ChatContext) -> Assistant:
        """Who goes on when a realtime model cannot."""
        return self._goes_on(self._assistant(said_before, stands_in=True))

    def restored(self, said_before: llm.ChatContext) -> Assistant:
        """Who goes on when the realtime model is back. What the caller says meanwhile is asked once it is there."""
        assert self.realtime is not None, "nobody has stood in for another"
        restored = self._goes_on(self._assistant(said_before, stands_in=False))
        self.asking.mind_there.clear()
        self.journal.realtime_model = self.realtime.model
        return restored

    def _goes_on(self, assistant: Assistant) -> Assistant:
        """With what the first one has."""
        assistant.listener, assistant.last_resort = self.assistant.listener, self.assistant.last_resort
        assistant.entered = self.asking.mind_there.set  # also who stands in: the restored one may fail before that
        return assistant

    def _assistant(self, said_before: llm.ChatContext | None, *, stands_in: bool) -> Assistant:
        minds = self._minds
        own = () if stands_in or isinstance(minds.mind, llm.RealtimeModel) else (minds.mind,)
        return Assistant(
            self._state,
            self.journal,
            self.speech,
            said_before,
            minds=(*own, *minds.stand_ins) if own or stands_in else (),
            meter=minds.meter,
            breakers=minds.breakers,
            server_turns=None if stands_in else self.server_turns,
        )

    def _reply_done(self, reply: Reply) -> None:
        if reply.settles_choice:
            self._state.evidence.asked_back(reply.asked_back)
        if reply.answered or (reply.settles_choice and reply.asked_back is not None and reply.question):
            self._state.evidence.answered(reply.topic, reply.sources[0].article_id if reply.sources else None)
        if reply.only_called_tools:
            self.left_unanswered()
        self.on_reply_done(reply)
