"""What the server was asked: each request, and what the model had before it when it began to answer."""

from dataclasses import dataclass, field

from tests.support.openai.checked import Json


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `body` is its JSON, or the fields of its form."""

    path: str
    headers: dict[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class Message:
    """One item of a conversation in words: a role, "call" or "output", and the text."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that the model knew before its first word, in `chat` and in `realtime` alike."""

    instructions: str
    messages: tuple[Message, ...]
    tools: tuple[str, ...] = ()
    body: Json = field(default_factory=dict)  # the request as it came

    @property
    def said(self) -> str:
        """The caller's last words, "" when somebody else spoke last or nobody."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def tool_result(self) -> str | None:
        """What a tool has answered since the caller spoke; instructions may stand behind it."""
        spoken = (message for message in reversed(self.messages) if message.role not in ("system", "developer"))
        return last.text if (last := next(spoken, None)) is not None and last.role == "output" else None

    def __contains__(self, text: str) -> bool:
        return text in self.instructions or any(text in message.text for message in self.messages)
