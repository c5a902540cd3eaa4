"""The items of a session: what the model has before it."""

from dataclasses import dataclass, field

from tests.support.openai.checked import Json
from tests.support.openai.received import Message
from tests.support.openai.tokens import CALLER_MS_PER_TOKEN, MODEL_MS_PER_TOKEN, text_tokens


class Rejected(Exception):
    """An event of the client's that is answered with an error; the session goes on."""

    def __init__(self, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.error: Json = {"type": "invalid_request_error", "code": code, "message": message, "param": param}


@dataclass(slots=True)
class Item:
    """`body` is the item as events show it. Sound is kept by its length and by what it says."""

    body: Json
    audio_ms: int = 0
    words: list[tuple[str, int]] = field(default_factory=list)  # the model's, each with the ms at which it ends
    heard: str = ""  # what the caller's recording says

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def spoken(self) -> str:
        """The words that are in the model's sound, as far as it was not cut off."""
        return "".join(word for word, end_ms in self.words if end_ms <= self.audio_ms)

    def message(self) -> Message:
        """The item in words."""
        match self.body["type"]:
            case "function_call":
                return Message("call", f"{self.body['name']} {self.body['arguments']}")
            case "function_call_output":
                return Message("output", self.body["output"])
            case _:
                written = "\n".join(part["text"] for part in self.body["content"] if part.get("text"))
                return Message(self.body["role"], written or self.spoken or self.heard)

    def tokens(self) -> tuple[int, int]:
        """Of text and of audio."""
        if self.audio_ms:
            each_ms = MODEL_MS_PER_TOKEN if self.words else CALLER_MS_PER_TOKEN
            return 0, self.audio_ms // each_ms
        return text_tokens(self.message().text), 0


class Conversation:
    """Items in order."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def insert(self, item: Item, after: str | None = None) -> str | None:
        """Put `item` behind another, at the end without one, first for "root"; the id of the item before it."""
        if any(other.id == item.id for other in self.items):
            raise Rejected("item_create_duplicate_item_id", f"Item with id '{item.id}' is already there.", "item.id")
        if after == "root":
            position = 0
        else:
            position = len(self.items) if after is None else self._position(after, "invalid_value") + 1
        self.items.insert(position, item)
        return self.items[position - 1].id if position else None

    def find(self, item_id: str, code: str) -> Item:
        """The item of this id; Rejected with `code` without one."""
        return self.items[self._position(item_id, code)]

    def delete(self, item_id: str) -> None:
        """Forget an item."""
        del self.items[self._position(item_id, "item_delete_invalid_item_id")]

    def truncate(self, item_id: str, audio_end_ms: int) -> None:
        """Cut an item of the model's off where the caller stopped to hear it."""
        item = self.find(item_id, "item_truncate_invalid_item_id")
        if not item.words or not item.audio_ms:
            raise Rejected("unsupported_content_type", "Only model output audio messages can be truncated")
        if audio_end_ms > item.audio_ms:
            problem = f"Audio content of {item.audio_ms}ms is already shorter than {audio_end_ms}ms"
            raise Rejected("invalid_value", problem)
        item.audio_ms = audio_end_ms
        for part in item.body["content"]:
            part.pop("transcript", None)  # nothing may be left of what was not heard

    def has_call(self, call_id: str) -> bool:
        """Whether the model made this call."""
        return any(item.body["type"] == "function_call" and item.body["call_id"] == call_id for item in self.items)

    def _position(self, item_id: str, code: str) -> int:
        for position, item in enumerate(self.items):
            if item.id == item_id:
                return position
        raise Rejected(code, f"The item with id '{item_id}' does not exist.")
