"""A language model's answer on its way to the voice: whole sentences, without those that nothing supports.

Its first clause need not wait for the end of its sentence, which takes a model some tenths of a second, where it says
nothing but what the material says in the same words. Where its sentence turns out to say more, the answer breaks off
there: nothing else of it is said.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from livekit.agents import llm

from insta_voice.agent.grounding.claims import Material, says_only, unsupported
from insta_voice.knowledge.sentences import split_sentences
from insta_voice.voice.local.clauses import first_clause

Piece = tuple[llm.LLM[Any], llm.ChatChunk | str]


class Checked:
    """One per answer."""

    def __init__(self, material: Callable[[], Material], trusts: Callable[[llm.LLM[Any]], bool]) -> None:
        """`material`: all that the turn has found until now. What a mind says that is trusted passes as it comes."""
        self._material = material
        self._trusts = trusts
        self._held = ""
        self._clause = ""  # what has passed of the sentence that is held
        self._judged = ""  # the clause that was looked at last: each token brings it anew
        self.passed = ""  # the last words that did
        self.left_out: list[str] = []
        self.broke_off = False  # in the sentence whose clause had passed
        self.calls_tools = False

    async def passing(self, pieces: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
        """What may be said of `pieces`, and all in them that is no words. Once it `broke_off`, each piece is "": what
        the mind says is read to its end all the same, as only then it is known what it cost.
        """
        mind = None
        async for mind, piece in pieces:
            if isinstance(piece, str):  # the app's own words, for when another mind begins again
                self._held, self._clause, self.broke_off = "", "", False
                passed = (piece.lstrip() if self.passed.endswith(" ") else piece) if self.passed else ""
            elif self._trusts(mind):
                self.passed = (piece.delta.content if piece.delta else None) or self.passed
                yield mind, piece
                continue
            else:
                passed = self._add(piece.delta.content or "") if piece.delta else ""
                if piece.delta and piece.delta.tool_calls:
                    self.calls_tools = True
                    passed += self._rest()
            if passed or self.broke_off:
                self.passed = passed or self.passed
                yield mind, passed
            if not isinstance(piece, str) and (piece.usage or (piece.delta and piece.delta.tool_calls)):
                yield mind, _without_words(piece)
        passed = self._rest()
        if mind is not None and (passed or self.broke_off):
            self.passed = passed or self.passed
            yield mind, passed

    def _add(self, words: str) -> str:
        self._held += words
        *whole, last = split_sentences(self._held) or [""]
        if not whole:
            return "" if self.passed else self._first_clause()
        self._held = self._held[self._held.rindex(last) :]
        return self._supported(whole)

    def _rest(self) -> str:
        rest, self._held = split_sentences(self._held), ""
        return self._supported(rest)

    def _first_clause(self) -> str:
        clause = first_clause(self._held)
        if clause == self._judged or not says_only(clause, self._material()):
            self._judged = clause
            return ""
        self._clause = clause
        return f"{clause} "

    def _supported(self, sentences: list[str]) -> str:
        material = self._material()
        kept = []
        for sentence in sentences:
            clause, self._clause = self._clause, ""
            if unsupported(sentence, material):
                self.left_out.append(sentence)
                self.broke_off = self.broke_off or bool(clause)
            elif not self.broke_off:
                kept.append(f"{sentence.removeprefix(clause).lstrip()} ")
        return "".join(kept)


def _without_words(chunk: llm.ChatChunk) -> llm.ChatChunk:
    if chunk.delta is None or not chunk.delta.content:
        return chunk
    return chunk.model_copy(update={"delta": chunk.delta.model_copy(update={"content": None})})
