"""From what happens in the session to turns of the record: who began to speak, what was said, what was heard of it."""

from collections.abc import Callable

from livekit.agents.voice import SpeechCreatedEvent, SpeechHandle

from insta_voice.agent.record.outcome import outcome
from insta_voice.agent.record.recorder import OpenTurn, Recorder
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.record.sounded import Sounded
from insta_voice.agent.record.sources import source_of
from insta_voice.agent.record.stand_in import APP, StandIn
from insta_voice.agent.responder.turn import Decision, Say
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.turns.meaning import Saying
from insta_voice.clock import loop_time_s
from insta_voice.knowledge import Evidence
from insta_voice.languages import ENGLISH, Language

_SHARED_TIMINGS = {"endpointing_ms", "recognition_ms"}  # of the caller's turn, shown with the answer too


class Journal:
    """Owns the turns under way. Assistant turns end with their speech handle, so an interrupted one is kept too."""

    def __init__(
        self,
        recorder: Recorder,
        channel: RoomChannel,
        language: Language = ENGLISH,
        *,
        clock: Callable[[], float] = loop_time_s,
    ) -> None:
        """`language`: the caller's."""
        self._recorder = recorder
        self._channel = channel
        self._language = language
        self._clock = clock
        self._asked_at = clock()
        self._caller_timings: dict[str, float] = {}
        self._broken_off: dict[str, str] = {}  # speeches whose voice failed, and what is heard of them
        self._asked = ""
        self._typed = False
        self.sounded = Sounded(recorder.complete)
        self._app_text = ""  # what the app said last
        self.stand_in = StandIn(channel)
        self.realtime_model = ""  # the name of the mind, where it is one
        self.voice_away = ""  # the sentence that is heard when the voice fails
        self.reply: Reply | None = None
        self.on_decision: Callable[[Reply], None] = lambda reply: None
        self.on_reply_done: Callable[[Reply], None] = lambda reply: None
        # Gives the sentences that nothing supports, of what was heard of a realtime model.
        self.check_heard: Callable[[Reply, str], tuple[str, ...]] = lambda reply, heard: ()

    def caller_said(self, text: str, *, kind: str, timings_ms: dict[str, float] | None = None) -> None:
        """A finished turn of the caller, spoken or typed."""
        self._caller_timings, self._typed = timings_ms or {}, kind == "typed"
        self._asked_at = self._clock() - self._caller_timings.get("endpointing_ms", 0.0) / 1000
        self._asked = text or self._asked
        if not text:
            return
        ago_ms = self._caller_timings.get("endpointing_ms", 0.0) + self._caller_timings.get("speech_ms", 0.0)
        turn = self._recorder.begin("caller", kind, ago_s=ago_ms / 1000)
        turn.text = turn.heard = text
        turn.mind = ""
        turn.timings_ms = dict(self._caller_timings)
        self._recorder.finish(turn)

    def caller_stopped(self) -> OpenTurn:
        """A turn of the caller is over whose words come later: it has its number before its answer has."""
        self._caller_timings, self._typed, self._asked_at, self._asked = {}, False, self._clock(), ""
        turn = self._recorder.begin("caller", "question")
        turn.mind = ""
        return turn

    def caller_was_heard(self, turn: OpenTurn, text: str, *, newest: bool, reply: Reply | None) -> None:
        """The words of such a turn, nothing when they could not be recognised; `reply` answers it."""
        turn.text = turn.heard = text
        self._recorder.finish(turn)
        if newest:
            self._asked = text
        if reply is not None:
            reply.question = text

    def speech_created(self, event: SpeechCreatedEvent) -> None:
        """The session's event: an answer of the mind begins. What the app says itself comes through `app_says`."""
        if event.source == "say":
            return
        reply = Reply(event.speech_handle, self._asked_at, aloud=not self._typed)
        reply.question = self._asked
        reply.timings_ms = {name: ms for name, ms in self._caller_timings.items() if name in _SHARED_TIMINGS}
        self.reply = reply
        event.speech_handle.add_done_callback(lambda _: self._reply_done(reply))

    def decided(self, decision: Decision) -> None:
        """The grounded mind's decision, before its first word: its kind, and the sentences it cites."""
        if self.reply is None or not isinstance(decision, Say):
            return
        self.reply.kind, self.reply.decided = decision.kind, True
        if decision.offer != "choice":
            self.reply.choice = None
        self.reply.sources = tuple(
            dict.fromkeys(source_of(citation.passage, citation.quote) for citation in decision.citations)
        )
        self.on_decision(self.reply)

    async def consulted(self, evidence: tuple[Evidence, ...]) -> None:
        """A tool has looked for more for the answer under way: its sources too, shown before they are spoken of."""
        reply = self.reply
        if reply is None or reply.handle.done():
            return
        reply.searched(evidence)
        if not any(part.answerable and part.choice is None for part in evidence):
            return
        reply.cite(evidence)
        if self.realtime_model:
            self._begin(reply)
        if reply.turn is not None and reply.sources:
            await self._channel.sources(reply.turn.number, reply.sources)

    async def account_read(self, evidence: tuple[Evidence, ...]) -> None:
        """A tool reads the account for the answer under way: what was found for that is no source of it any more."""
        reply = self.reply
        if reply is None or reply.handle.done():
            return
        before = reply.sources
        reply.reads_account(evidence)
        if reply.turn is not None and reply.sources != before:
            await self._channel.sources(reply.turn.number, reply.sources)

    async def realtime_begins(self, reply: Reply) -> None:
        """The first sound of a realtime model's answer is there and not heard yet."""
        self._begin(reply)
        if not reply.sounded:
            reply.sounded = True
            reply.settled.set()
            await self.words_begin(reply)

    async def words_begin(self, reply: Reply) -> None:
        """The first words of `reply` are there and nothing is heard yet, or another mind begins it anew: number it,
        say who answers, and send its sources.
        """
        if reply.turn is None:
            reply.turn = self._recorder.begin("assistant", reply.kind)
        await self.stand_in.words_of(reply.mind)
        if reply.sources:
            await self._channel.sources(reply.turn.number, reply.sources)

    def audible(self, speech: SpeechHandle | None) -> None:
        """The first sound of `speech` leaves: an answer's, or of what the app says while the answer is waited for."""
        reply = self.reply
        if reply is None or speech is not reply.handle or reply.handle.done():
            self.sounded.begins(None, self._clock())
            return
        if "first_audio_ms" not in reply.timings_ms:
            now = self._clock()
            reply.timings_ms["first_audio_ms"] = round((now - reply.asked_at) * 1000, 1)
            self.sounded.begins(reply, now)
        if self.realtime_model:
            self._begin(reply)

    def silent(self) -> None:
        """No more of our voice leaves."""
        self.sounded.ends(self._clock())

    def made_ready(self, name: str) -> None:
        """Of the answer under way this was there before the turn was over: `clause_ahead`, `answer_ahead`."""
        if self.reply is not None:
            self.reply.timings_ms[name] = 1.0

    def app_says(self, handle: SpeechHandle, *, kind: str, text: str) -> None:
        """Something the app itself says, from its start to its end."""
        turn = self._recorder.begin("assistant", kind)
        turn.text = self._app_text = text

        handle.add_done_callback(lambda _: self._spoken(turn, handle))

    def saying(self, speech: SpeechHandle | None) -> Saying:
        """The words of what is being said. "Okay" replies to a question of the mind; a greeting asks in general."""
        if speech is None:
            return Saying()
        if self.reply is None or speech is not self.reply.handle:
            return Saying(self._app_text)
        return Saying(self.reply.text, asks=self.reply.text.rstrip().endswith("?"))

    def broke_off(self, handle: SpeechHandle, heard: str) -> None:
        """The voice failed in a speech whose sound the session was given; it takes all of it for heard."""
        self._broken_off[handle.id] = heard

    def _reply_done(self, reply: Reply) -> None:
        reply.settled.set()
        heard = _heard(reply.handle)
        if self.realtime_model and (heard or reply.turn is not None):
            self._begin(reply)
            reply.text = reply.text or heard
            reply.unsupported = self.check_heard(reply, heard)
        if not reply.decided and reply.kind == "answer":
            if "?" not in reply.text:
                reply.choice = None  # it was told to ask which of two is meant, and did not
            items, asks_back = reply.handle.chat_items, reply.choice is not None
            reply.kind = outcome(reply.topic, reply.sources, items, self._language, asks_back=asks_back)
        turn = reply.turn
        if turn is not None:
            turn.kind, turn.mind, turn.sources = reply.kind, reply.mind, reply.sources
            turn.unsupported, turn.searches = reply.unsupported, reply.kept_searches
            turn.text = reply.text.strip()
            turn.timings_ms = reply.timings_ms
            self._spoken(turn, reply.handle)
        self.on_reply_done(reply)

    def _begin(self, reply: Reply) -> None:
        """A realtime model speaks without passing through the llm node: nobody announces its first words."""
        if reply.turn is None:
            reply.mind = self.realtime_model
            reply.turn = self._recorder.begin("assistant", reply.kind)
            reply.turn.mind, reply.turn.interrupted = reply.mind, True

    def _spoken(self, turn: OpenTurn, handle: SpeechHandle) -> None:
        """Its speech is over. What was said because the voice failed is no part of it, or all there is."""
        broken_off = self._broken_off.pop(handle.id, "")
        whole = broken_off or _heard(handle)
        heard = whole.removesuffix(self.voice_away).strip()
        if whole and not heard:
            turn.kind, turn.mind, turn.sources = "apology", APP, ()
            turn.text = turn.heard = whole
            turn.interrupted = handle.interrupted
        else:
            turn.heard = heard
            cut_by_voice = bool(broken_off) or heard != whole or _cut(handle) or (bool(turn.text) and not heard)
            turn.interrupted = handle.interrupted or cut_by_voice
        self._recorder.finish(turn)


def _heard(handle: SpeechHandle) -> str:
    """What was played of a speech: LiveKit cuts the message at the word that was spoken last."""
    return " ".join(text for item in handle.chat_items if (text := getattr(item, "text_content", None))).strip()


def _cut(handle: SpeechHandle) -> bool:
    """Whether LiveKit says that the voice failed before the end."""
    return any(getattr(item, "interrupted", False) for item in handle.chat_items)
