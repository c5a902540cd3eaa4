"""The items of a response, from "added" to "done", in the order OpenAI sends it."""

import base64
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tests.support.openai.chat import pieces_of
from tests.support.openai.checked import Json, new_id
from tests.support.openai.realtime.conversation import Item
from tests.support.openai.script import ToolCall
from tests.support.openai.sound import duration_ms, spoken, words
from tests.support.openai.tokens import text_tokens

if TYPE_CHECKING:
    from tests.support.openai.realtime.response import Response


class Output(ABC):
    """One item; the response calls `play` once and `close` once, the latter also in the middle of the former."""

    def __init__(self, response: "Response", index: int, **body: Any) -> None:
        self._response = response
        self._index = index
        self._previous: str | None = None
        self.item = Item({"id": new_id("item"), "object": "realtime.item", "status": "in_progress", **body})

    async def open(self) -> None:
        """Announce it."""
        self._previous = self._response.session.conversation.insert(self.item)
        await self.say("output_item.added", item=self.item.body)
        await self._response.session.send("conversation.item.added", **self._placed())

    @abstractmethod
    async def play(self) -> bool:
        """Stream it; whether it was played to its end."""

    async def close(self, status: str) -> None:
        """Announce its end."""
        self.item.body["status"] = status
        await self._response.session.send("conversation.item.done", **self._placed())
        await self.say("output_item.done", item=self.item.body)

    def tokens(self) -> tuple[int, int]:
        """What it cost: of text and of audio."""
        return self.item.tokens()

    async def say(self, kind: str, **fields: Any) -> None:
        """An event of this response about this item."""
        await self._response.say(kind, output_index=self._index, **fields)

    def _placed(self) -> Json:
        return {"item": self.item.body, "previous_item_id": self._previous}


class Spoken(Output):
    """A message, as sound with its transcript or as text alone."""

    def __init__(self, response: "Response", index: int, text: str, *, audible: bool) -> None:
        super().__init__(response, index, type="message", role="assistant", content=[])
        self._text = text
        self._audible = audible
        self._said = ""

    async def play(self) -> bool:
        await self._part("content_part.added")
        for word, sound in self._pieces():
            await self._response.piece()
            self._said += word
            self.item.audio_ms += duration_ms(sound)
            self.item.words.append((word, self.item.audio_ms))
            kind = "output_audio_transcript.delta" if self._audible else "output_text.delta"
            await self._content(kind, delta=word)
            if self._audible:
                await self._content("output_audio.delta", delta=base64.b64encode(sound).decode())
        return True

    async def close(self, status: str) -> None:
        if self._audible:
            await self._content("output_audio.done")
            await self._content("output_audio_transcript.done", transcript=self._said)
        else:
            await self._content("output_text.done", text=self._said)
        await self._part("content_part.done")
        said = {"transcript": self._said} if self._audible else {"text": self._said}
        self.item.body["content"] = [{"type": "output_audio" if self._audible else "output_text", **said}]
        await super().close(status)

    def tokens(self) -> tuple[int, int]:
        """Of the transcript too, which the model writes beside the sound."""
        return text_tokens(self._said), self.item.tokens()[1]

    def _pieces(self) -> list[tuple[str, bytes]]:
        if self._audible:
            return [*spoken(self._text, self._response.session.openai.voice)]
        return [(word, b"") for word in words(self._text)]

    async def _part(self, kind: str) -> None:
        part = {"type": "audio", "transcript": self._said} if self._audible else {"type": "text", "text": self._said}
        await self._content(kind, part=part)

    async def _content(self, kind: str, **fields: Any) -> None:
        await self.say(kind, item_id=self.item.id, content_index=0, **fields)


class Called(Output):
    """A tool call."""

    def __init__(self, response: "Response", index: int, made: ToolCall) -> None:
        super().__init__(response, index, type="function_call", name=made.name, call_id=made.call_id, arguments="")
        self._made = made

    async def play(self) -> bool:
        pieces = pieces_of(self._made)
        limit = self._response.fault.limit(len(pieces))
        for piece in pieces[:limit]:
            await self._response.piece()
            self.item.body["arguments"] += piece
            await self._arguments("delta", delta=piece)
        if limit is None:
            await self._arguments("done", name=self._made.name, arguments=self.item.body["arguments"])
        return limit is None

    async def _arguments(self, what: str, **fields: Any) -> None:
        about = {"item_id": self.item.id, "call_id": self._made.call_id}
        await self.say(f"function_call_arguments.{what}", **about, **fields)
