"""A language model's answer on its way to the voice: whole sentences, without those that nothing supports.

The voice speaks clause by clause: an answer begins later by what the model takes from the end of its first clause to
the end of its first sentence.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from livekit.agents import llm

from insta_voice.agent.grounding.claims import Material, unsupported
from insta_voice.knowledge.sentences import split_sentences

Piece = tuple[llm.LLM[Any], llm.ChatChunk | str]


class Checked:
    """One per answer."""

    def __init__(self, material: Callable[[], Material], trusts: Callable[[llm.LLM[Any]], bool]) -> None:
        """`material`: all that the turn has found until now. What a mind says that is trusted passes as it comes."""
        self._material = material
        self._trusts = trusts
        self._held = ""
        self.passed = ""  # the last words that did
        self.left_out: list[str] = []

    async def passing(self, pieces: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
        """What may be said of `pieces`, and all in them that is no words."""
        mind = None
        async for mind, piece in pieces:
            if isinstance(piece, str):  # the app's own words, for when another mind begins again
                self._held = ""
                passed = (piece.lstrip() if self.passed.endswith(" ") else piece) if self.passed else ""
            elif self._trusts(mind):
                self.passed = (piece.delta.content if piece.delta else None) or self.passed
                yield mind, piece
                continue
            else:
                passed = self._add(piece.delta.content or "") if piece.delta else ""
                if piece.delta and piece.delta.tool_calls:
                    passed += self._rest()
            if passed:
                self.passed = passed
                yield mind, passed
            if not isinstance(piece, str) and (piece.usage or (piece.delta and piece.delta.tool_calls)):
                yield mind, _without_words(piece)
        if mind is not None and (passed := self._rest()):
            self.passed = passed
            yield mind, passed

    def _add(self, words: str) -> str:
        self._held += words
        *whole, last = split_sentences(self._held) or [""]
        if not whole:
            return ""
        self._held = self._held[self._held.rindex(last) :]
        return self._supported(whole)

    def _rest(self) -> str:
        rest, self._held = split_sentences(self._held), ""
        return self._supported(rest)

    def _supported(self, sentences: list[str]) -> str:
        material = self._material()
        kept = []
        for sentence in sentences:
            if unsupported(sentence, material):
                self.left_out.append(sentence)
            else:
                kept.append(f"{sentence} ")
        return "".join(kept)


def _without_words(chunk: llm.ChatChunk) -> llm.ChatChunk:
    if chunk.delta is None or not chunk.delta.content:
        return chunk
    return chunk.model_copy(update={"delta": chunk.delta.model_copy(update={"content": None})})
