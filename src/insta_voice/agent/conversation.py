"""The session of a call put together: what hears, thinks and speaks, and who writes down what is said."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from livekit import rtc
from livekit.agents import NOT_GIVEN, AgentStateChangedEvent, CloseEvent, llm, tts, vad
from livekit.agents.voice import SpeechHandle

from insta_voice.agent.ahead import Ahead
from insta_voice.agent.answers_ahead import AnswersAhead
from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.ear import EarReports
from insta_voice.agent.endings import Ending
from insta_voice.agent.failover import Failover
from insta_voice.agent.last_resort import PARTS, LastResort
from insta_voice.agent.listener import Listener
from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.agent.minds import Parts
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.responder.intents import is_request
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.session import room_options
from insta_voice.agent.speech.playout import Playout
from insta_voice.agent.speech.rendering import Rendering
from insta_voice.agent.speech.say import SLOW_SPEED, SLOWEST_SPEED
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.state import CallState
from insta_voice.agent.thinking import asked_once
from insta_voice.agent.tools import TOOLS, account_told
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.ports import EndOfTurnModel
from insta_voice.agent.typed import TypedText
from insta_voice.agent.watch import Patience
from insta_voice.agent.wrap_up import Why, parting_sentence, until_quiet
from insta_voice.calls import Turn
from insta_voice.voice.fallback import FallbackTTS
from insta_voice.voice.local.tts import LocalTTS

log = logging.getLogger(__name__)

_FAREWELL_WITHIN_S = 12.0
# It has been rendered since the job began, and has taken less than half of this; a voice that hangs is not waited for.
_GREETING_BEGINS_WITHIN_S = 1.5
_SILENT_WITHIN_S = 1.0  # the last words heard are known when what is being said has stopped


class Conversation:
    """One per call. `start` it once the caller is there."""

    def __init__(
        self,
        state: CallState,
        parts: Parts,
        voice_activity: vad.VAD,
        end_of_turn: EndOfTurnModel,
        recorder: Recorder,
        channel: RoomChannel,
        ending: Ending,
        said_before: Sequence[Turn] = (),
        mechanisms: Mechanisms = ALL,
    ) -> None:
        """`said_before`: the turns that an earlier agent of this call has written. `mechanisms`: all, but where one is
        measured.
        """
        self._state = state
        self._ending = ending
        self._hushed = False
        voice, own_speed = parts.providers.tts, state.settings.voice.local_speed
        dialogue = self._dialogue = Dialogue(
            state,
            parts,
            recorder,
            channel,
            said_before,
            ears=parts.providers.stt,
            voice=voice,
            spare=SpareVoice(state.settings, state.language),
        )
        session, journal, asking = dialogue.session, dialogue.journal, dialogue.asking
        self.session, self._journal, self.speech = session, journal, dialogue.speech
        journal.on_decision = lambda reply: _speak_slower(voice, own_speed) if reply.kind == "slower" else None
        dialogue.on_reply_done = self._reply_done
        self.patience = Patience()
        engine = TurnEngine(
            parts.recognizer,
            end_of_turn,
            assistant_audible=lambda: session.agent_state == "speaking",
            saying=lambda: journal.saying(session.current_speech),
            is_request=is_request if state.language.local else lambda text: False,
            language=state.language,
            mechanisms=mechanisms,
        )
        server_turns = dialogue.server_turns
        self.speech.caller_speaking = lambda: (
            engine.caller_speaking or (server_turns is not None and server_turns.speaking)
        )
        if server_turns is not None:
            server_turns.on_activity = self.patience.caller_spoke
        dialogue.assistant.listener = self._listener = Listener(
            session,
            engine,
            end_of_turn,
            voice_activity,
            journal,
            self.speech,
            asking,
            _ahead(dialogue, parts, state, mechanisms),
            self.patience.caller_spoke,
        )
        self._failover = Failover(dialogue)
        self._playout: Playout | None = None
        self._give_up_when_nobody_can(parts)
        self._typed = TypedText(state.user_id, asking.typed)
        self._ear = EarReports(state.user_id, journal.sounded.heard)
        session.on("agent_state_changed", self._state_changed)
        session.on("close", self._session_closed)

    def _give_up_when_nobody_can(self, parts: Parts) -> None:
        """A part that fails has failed with whoever stands in for it; where the grounded mind stands in, a mind that
        fails after a tool has another turn all the same.
        """

        def give_up() -> None:
            self._ending.begin("unable")

        if not parts.stand_ins:
            self._failover.give_up = give_up
        a_mind_is_left = bool(parts.stand_ins) and parts.language.local
        last_resort = LastResort(give_up, ("voice", "ears") if a_mind_is_left else PARTS)
        self._dialogue.assistant.last_resort = self._listener.last_resort = last_resort

    async def start(self, room: rtc.Room | None, greeting: Rendering) -> None:
        """Listen, and say the greeting. Without a room the session's own input and output are the caller."""
        if room is not None:
            playout = self._playout = Playout()
            self.session.output.audio = playout
            playout.enter(room)
        await self.session.start(
            self._dialogue.assistant,
            room=room or NOT_GIVEN,
            room_options=room_options(self._state.user_id),
            record=False,
            session_host=False,  # nobody in the room may drive the session but by speaking and typing
        )
        if room is not None:
            self._typed.listen(room)
            self._ear.listen(room)
        await greeting.settled(_GREETING_BEGINS_WITHIN_S)
        self.speech.welcome(greeting)

    async def wrap_up(self, why: Why) -> None:
        """The call cannot go on: say so, leave a ticket, and say what comes of it. What is being said comes to its end;
        who waits for an answer that nobody can give hears an apology at once.
        """
        await self._failover.stay()
        if why == "budget":
            await until_quiet(self.speech)
        if self._hushed:
            return
        sorry = self._say_to_the_end(self.speech.gives_up) if why == "unable" else _nothing()
        name, _ = await asyncio.gather(parting_sentence(self._state, why), sorry)
        await self.farewell(name)

    async def farewell(self, name: str) -> None:
        """Say to its end why the call ends; `hush` cuts it, and nobody hears it after that."""
        await self._failover.stay()
        await self._dialogue.asking.until_mind_there()
        if not self._hushed:
            await self._say_to_the_end(lambda: self.speech.goodbye(name))

    async def _say_to_the_end(self, say: Callable[[], SpeechHandle]) -> None:
        try:
            async with asyncio.timeout(_FAREWELL_WITHIN_S):
                await say().wait_for_playout()
        except (TimeoutError, RuntimeError) as error:
            log.warning("the goodbye was not said: %s", type(error).__name__)

    async def hush(self) -> None:
        """Stop what is being said, so that its turn ends with the last word heard."""
        self._hushed = True
        if self.session.current_speech is None:
            return
        try:
            await asyncio.wait_for(self.session.interrupt(force=True), _SILENT_WITHIN_S)
        except (TimeoutError, RuntimeError):
            log.debug("what was being said could not be stopped")

    async def aclose(self) -> None:
        """Stop listening and reading; the session itself ends with its job."""
        await self._typed.aclose()
        await self._ear.aclose()
        await self._failover.aclose()
        await self._listener.aclose()
        if self._playout is not None:
            await self._playout.aclose()

    def _state_changed(self, event: AgentStateChangedEvent) -> None:
        self.patience.activity()
        if event.new_state == "speaking":
            self._journal.audible(self.session.current_speech)
        elif event.old_state == "speaking":
            self._journal.silent()

    def _reply_done(self, reply: Reply) -> None:
        if reply.said_goodbye:
            self._ending.begin("goodbye")

    def _session_closed(self, event: CloseEvent) -> None:
        if event.error is not None:
            self._ending.begin("error")


def _ahead(dialogue: Dialogue, parts: Parts, state: CallState, mechanisms: Mechanisms) -> Ahead:
    """Where the grounded responder answers with the local voice, its answers are made ready too: they cost nothing.
    Those of a language model where the settings say so.
    """
    is_grounded = parts.mind is parts.grounded
    own = parts.grounded if is_grounded and mechanisms.answers else None
    voice = parts.providers.tts if isinstance(parts.providers.tts, LocalTTS) else None
    if voice is not None:
        voice.prepared.on_taken = lambda: dialogue.journal.made_ready("clause_ahead")
    answers = None
    may_ask = state.settings.openai.llm_ahead and mechanisms.answers and not is_grounded
    if may_ask and isinstance(parts.mind, llm.LLM):
        answers = dialogue.assistant.answers_ahead = AnswersAhead(parts.mind, parts.breakers, asked_once())
        answers.on_taken = lambda: dialogue.journal.made_ready("answer_ahead")
    tools = [tool for tool in TOOLS if isinstance(tool, llm.Tool)]
    return Ahead(
        state.evidence,
        lambda: dialogue.session.current_agent.chat_ctx,
        tools,
        own,
        voice,
        account=lambda: account_told(state),
        answers=answers,
        thinks=mechanisms.thinking,
    )


async def _nothing() -> None:
    """Where nothing is said before the goodbye."""


def _speak_slower(voice: tts.TTS[Any], own_speed: float) -> None:
    """For the rest of the call, where the voice can."""
    if isinstance(voice, LocalTTS | FallbackTTS):
        voice.update_options(speed=max(SLOWEST_SPEED, own_speed * SLOW_SPEED))
