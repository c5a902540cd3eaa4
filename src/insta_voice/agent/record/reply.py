"""One answer of the mind: asked for, in words, and what the caller may say about it next."""

import asyncio

from livekit.agents.voice import SpeechHandle

from insta_voice.agent.record.recorder import OpenTurn
from insta_voice.calls import Source

FOLLOWED_UP = {"answer", "unknown"}  # what a follow-up can hang on


class Reply:
    """One answer of the mind, from the moment it is asked for; its turn begins with its first words."""

    def __init__(self, handle: SpeechHandle, asked_at: float) -> None:
        self.handle = handle
        self.asked_at = asked_at  # monotonic: the end of the caller's speech
        self.turn: OpenTurn | None = None
        self.question = ""
        self.kind = "answer"
        self.decided = False  # the grounded mind has said of which kind it is; a language model does not
        self.mind = ""
        self.sources: tuple[Source, ...] = ()
        self.timings_ms: dict[str, float] = {}
        self.text = ""
        self.unsupported: tuple[str, ...] = ()  # sentences that nothing the model was given says
        self.bridged = False  # the app has said something into the wait for it
        self.sounded = False  # a realtime model has begun to speak, and its sources are shown
        self.settled = asyncio.Event()  # it has, or its answer is over

    @property
    def begun(self) -> bool:
        """Whether it has words already, or its number and sources are shown."""
        return self.turn is not None or bool(self.text)

    @property
    def answered(self) -> bool:
        """Whether the caller's next words may refer to it: not to an answer that was cut off before it was heard."""
        if self.turn is None or not self.question or not {self.kind, self.turn.kind} <= FOLLOWED_UP:
            return False
        return bool(self.turn.heard) or not self.turn.interrupted

    def cite(self, sources: tuple[Source, ...]) -> None:
        """These are its sources too."""
        self.sources = tuple(dict.fromkeys((*self.sources, *sources)))

    def add(self, text: str) -> None:
        """Its next words. Its turn has them at once, as not heard to their end: the call may be over before that."""
        self.text += text
        if self.turn is not None:
            self.turn.text, self.turn.mind, self.turn.interrupted = self.text.strip(), self.mind, True
