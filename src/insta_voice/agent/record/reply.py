"""One answer of the mind: asked for, in words, and what the caller may say about it next."""

import asyncio

from livekit.agents.voice import SpeechHandle

from insta_voice.agent.record.recorder import OpenTurn
from insta_voice.agent.record.sources import beside_account, best_sources, searches_of
from insta_voice.calls import Search, Source
from insta_voice.knowledge import Choice, Evidence

FOLLOWED_UP = {"answer", "unknown"}  # what a follow-up can hang on
# Between a question to the caller and their reply: it is still open.
_STILL_ASKED = {"noise", "silence", "repeat", "slower", "apology"}


class Reply:
    """One answer of the mind, from the moment it is asked for; its turn begins with its first words."""

    def __init__(self, handle: SpeechHandle, asked_at: float, *, aloud: bool = True) -> None:
        """`aloud`: it answers what was spoken, not what was typed."""
        self.handle = handle
        self.aloud = aloud
        self.asked_at = asked_at  # monotonic: the end of the caller's speech
        self.turn: OpenTurn | None = None
        self.question = ""
        self.kind = "answer"
        self.decided = False  # the grounded mind has said of which kind it is; a language model does not
        self.mind = ""
        self.sources: tuple[Source, ...] = ()
        self.searches: tuple[Search, ...] = ()  # what the articles were asked for it
        self.choice: Choice | None = None  # the two articles between which the mind is to ask back
        self._decided_by_choice = ""  # what the articles were asked, where the caller's words chose of two
        self.timings_ms: dict[str, float] = {}
        self.text = ""
        self.unsupported: tuple[str, ...] = ()  # sentences that nothing the model was given says
        self.account_read = False  # by a tool, in this answer
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
        return self._reached_caller

    @property
    def _reached_caller(self) -> bool:
        return self.turn is not None and (bool(self.turn.heard) or not self.turn.interrupted)

    @property
    def topic(self) -> str:
        """What a follow-up can hang on: the caller's words, or the question that they decided."""
        return self._decided_by_choice or self.question

    @property
    def settles_choice(self) -> bool:
        """Whether it says which question, if any, the caller's next words are a reply to: not one that the voice kept
        from the caller, nor what is said between a question and its reply ("One moment.").
        """
        if self.turn is None or not self._reached_caller or {self.kind, self.turn.kind} & _STILL_ASKED:
            return False
        return self.kind != "clarify" or self.choice is not None

    @property
    def asked_back(self) -> Choice | None:
        """What the caller was asked to choose between."""
        return self.choice if self.kind == "clarify" else None

    @property
    def kept_searches(self) -> tuple[Search, ...]:
        """What the record keeps of its searches: of a `clarify` only those of a question that is asked back, because
        any other was no question to the articles.
        """
        return () if self.kind == "clarify" and self.asked_back is None else self.searches

    @property
    def said_goodbye(self) -> bool:
        """Whether the call is over with it: heard to its end, and with nothing in it that is still to be taken back."""
        turn = self.turn
        if turn is None or not self.kind == turn.kind == "goodbye" or turn.interrupted or not turn.heard:
            return False
        return not any(sentence in turn.heard for sentence in self.unsupported)

    @property
    def only_called_tools(self) -> bool:
        """Whether it came to its end without a word, as when a model does nothing but call tools until it may not."""
        called = any(item.type == "function_call_output" for item in self.handle.chat_items)
        return called and not self.begun and not self.handle.interrupted

    def cite(self, evidence: tuple[Evidence, ...]) -> None:
        """What was found is where it speaks from; not where it asks for a fact that the account was read for."""
        used = beside_account(evidence) if self.account_read else evidence
        self.sources = tuple(dict.fromkeys((*self.sources, *best_sources(used))))

    def searched(self, evidence: tuple[Evidence, ...]) -> None:
        """The articles were asked for it, again after a tool. What a tool finds, in words of its own, answers what was
        asked before; what it does not find was not asked by the caller.
        """
        self.choice = next((part.choice for part in evidence if part.choice is not None), None)
        self._decided_by_choice = next((part.query for part in evidence if part.chosen), self._decided_by_choice)
        new = [search for search in searches_of(evidence) if search not in self.searches]
        if not self.searches:
            self.searches = tuple(new)
        elif any(search.answerable for search in new):
            self.searches = tuple(search for search in (*self.searches, *new) if search.answerable)

    def reads_account(self, evidence: tuple[Evidence, ...]) -> None:
        """The account answers what `evidence` was found for, as far as that asks for a fact of it."""
        self.account_read = True
        of_articles = best_sources(beside_account(evidence))
        self.sources = tuple(source for source in self.sources if source in of_articles)

    def add(self, text: str) -> None:
        """Its next words. Its turn has them at once, as not heard to their end: the call may be over before that."""
        self.text += text
        if self.turn is not None:
            self.turn.text, self.turn.mind, self.turn.interrupted = self.text.strip(), self.mind, True
