"""What the model says or calls next, a line a request: text, a tool call, or several parts in one reply."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.openai.checked import new_id
from tests.support.openai.received import Prompt


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool; `call` writes it shorter."""

    name: str
    arguments: dict[str, Any]
    call_id: str


Part = str | ToolCall


@dataclass(frozen=True, slots=True)
class Reply:
    """Parts in order; `fits` says to which last words of the caller, None to any."""

    parts: tuple[Part, ...]
    fits: Callable[[str], bool] | None = None


Line = Part | Reply

Mind = Callable[[Prompt], Reply]
"""What a model says to what it has before it."""


def call(name: str, /, **arguments: Any) -> ToolCall:
    """A tool call: call("open_ticket", summary="…")."""
    return ToolCall(name, arguments, new_id("call"))


def reply(*parts: Part) -> Reply:
    """Several parts in one reply: reply("One moment.", call("open_ticket"))."""
    return Reply(parts)


def to(words: str | Callable[[str], bool], *parts: Part) -> Reply:
    """Said only when the caller's last words have `words` in them, or fulfil them: to("password", "Open the page.")."""
    return Reply(parts, words if callable(words) else lambda said: words.casefold() in said.casefold())


class OutOfScriptError(AssertionError):
    """The model was asked for more than the script has."""


class Script:
    """The lines still to come."""

    def __init__(self, *lines: Line) -> None:
        self._left: deque[Reply] = deque()
        self.add(*lines)

    def add(self, *lines: Line) -> None:
        self._left.extend(line if isinstance(line, Reply) else Reply((line,)) for line in lines)

    def next(self, said: str) -> Reply:
        """The first line that fits what the caller `said` last. OutOfScriptError without one."""
        for line in self._left:
            if line.fits is None or line.fits(said):
                self._left.remove(line)
                return line
        raise OutOfScriptError(f"the script has no line after {said!r}")

    @property
    def left(self) -> int:
        """How many lines were not asked for."""
        return len(self._left)
