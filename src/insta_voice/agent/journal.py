"""From what happens in the session to turns of the record: who began to speak, what was said, what was heard of it."""

import time
from collections.abc import Callable

from livekit.agents.voice import SpeechCreatedEvent, SpeechHandle

from insta_voice.agent.recorder import OpenTurn, Recorder
from insta_voice.agent.reply import Reply
from insta_voice.agent.responder.turn import Decision, Say
from insta_voice.agent.room import RoomChannel
from insta_voice.calls import Source
from insta_voice.knowledge import Evidence, Passage

_SHARED_TIMINGS = {"endpointing_ms", "recognition_ms"}  # of the caller's turn, shown with the answer too


class Journal:
    """Owns the turns under way. Assistant turns end with their speech handle, so an interrupted one is kept too."""

    def __init__(
        self, recorder: Recorder, channel: RoomChannel, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._recorder = recorder
        self._channel = channel
        self._clock = clock
        self._asked_at = clock()
        self._caller_timings: dict[str, float] = {}
        self._broken_off: dict[str, str] = {}  # speeches whose voice failed, and what is heard of them
        self.voice_away = ""  # the sentence that is heard when the voice fails
        self.reply: Reply | None = None
        self.on_decision: Callable[[Reply], None] = lambda reply: None
        self.on_reply_done: Callable[[Reply], None] = lambda reply: None

    def caller_said(self, text: str, *, kind: str, timings_ms: dict[str, float] | None = None) -> None:
        """A finished turn of the caller, spoken or typed."""
        self._caller_timings = timings_ms or {}
        self._asked_at = self._clock() - self._caller_timings.get("endpointing_ms", 0.0) / 1000
        if not text:
            return
        ago_ms = self._caller_timings.get("endpointing_ms", 0.0) + self._caller_timings.get("speech_ms", 0.0)
        turn = self._recorder.begin("caller", kind, ago_s=ago_ms / 1000)
        turn.text = turn.heard = text
        turn.mind = ""
        turn.timings_ms = dict(self._caller_timings)
        self._recorder.finish(turn)

    def speech_created(self, event: SpeechCreatedEvent) -> None:
        """The session's event: an answer of the mind begins. What the app says itself comes through `app_says`."""
        if event.source == "say":
            return
        reply = Reply(event.speech_handle, self._asked_at)
        reply.timings_ms = {name: ms for name, ms in self._caller_timings.items() if name in _SHARED_TIMINGS}
        self.reply = reply
        event.speech_handle.add_done_callback(lambda _: self._reply_done(reply))

    def decided(self, decision: Decision) -> None:
        """The grounded mind's decision, before its first word: its kind, and the sentences it cites."""
        if self.reply is None or not isinstance(decision, Say):
            return
        self.reply.kind = decision.kind
        self.reply.sources = tuple(
            dict.fromkeys(_source(citation.passage, citation.quote) for citation in decision.citations)
        )
        self.on_decision(self.reply)

    async def words_begin(self, reply: Reply) -> None:
        """The first words of `reply` are there and nothing is heard yet: number it, and send its sources."""
        if reply.turn is not None:
            return
        reply.turn = self._recorder.begin("assistant", reply.kind)
        if reply.sources:
            await self._channel.sources(reply.turn.number, reply.sources)

    def audible(self) -> None:
        """The assistant's first sound leaves."""
        if self.reply is not None and not self.reply.handle.done():
            self.reply.timings_ms.setdefault("first_audio_ms", round((self._clock() - self.reply.asked_at) * 1000, 1))

    def app_says(self, handle: SpeechHandle, *, kind: str, text: str) -> None:
        """Something the app itself says, from its start to its end."""
        turn = self._recorder.begin("assistant", kind)
        turn.text = text

        handle.add_done_callback(lambda _: self._spoken(turn, handle))

    def broke_off(self, handle: SpeechHandle, heard: str) -> None:
        """The voice failed in a speech whose sound the session was given; it takes all of it for heard."""
        self._broken_off[handle.id] = heard

    def _reply_done(self, reply: Reply) -> None:
        heard = _heard(reply.handle)
        if reply.turn is None and heard:  # a realtime model speaks without passing through the llm node
            reply.turn, reply.text = self._recorder.begin("assistant", reply.kind), heard
        turn = reply.turn
        if turn is not None:
            turn.kind, turn.mind, turn.sources = reply.kind, reply.mind, reply.sources
            turn.text = reply.text.strip()
            turn.timings_ms = reply.timings_ms
            self._spoken(turn, reply.handle)
        self.on_reply_done(reply)

    def _spoken(self, turn: OpenTurn, handle: SpeechHandle) -> None:
        """Its speech is over. What was said because the voice failed is no part of it, or all there is."""
        broken_off = self._broken_off.pop(handle.id, "")
        whole = broken_off or _heard(handle)
        heard = whole.removesuffix(self.voice_away).strip()
        if whole and not heard:
            turn.kind, turn.mind, turn.sources = "apology", "app", ()
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


def best_sources(evidence: tuple[Evidence, ...]) -> tuple[Source, ...]:
    """For each question that can be answered, the sentence of the best passage that answers it best."""
    best = [part.passages[0] for part in evidence if part.answerable and part.passages]
    quotes = [
        max(passage.sentences, key=lambda s: s.score).text if passage.sentences else passage.text for passage in best
    ]
    return tuple(dict.fromkeys(_source(passage, quote) for passage, quote in zip(best, quotes, strict=True)))


def _source(passage: Passage, quote: str) -> Source:
    return Source(
        article_id=passage.article_id,
        title=passage.title,
        url=passage.url,
        quote=quote,
        heading=passage.heading,
        version=passage.version,
    )
