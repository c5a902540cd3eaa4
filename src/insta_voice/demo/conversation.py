"""The conversation the scripted caller holds: what it says and what has to come back, read from `conversation.yaml`."""

from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """One thing the caller says, and what the answer has to show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    sources: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    unknown: bool = False


class Call(BaseModel):
    """One call: words its greeting has to contain, then the caller's questions in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    greeting: tuple[str, ...] = ()
    turns: tuple[Question, ...] = ()


class Conversation(BaseModel):
    """Everything one demo caller does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    caller: str
    calls: tuple[Call, ...]


def load_conversation() -> Conversation:
    """The conversation that ships with the product."""
    text = resources.files(__package__).joinpath("conversation.yaml").read_text(encoding="utf-8")
    return Conversation.model_validate(yaml.safe_load(text))


def shortcomings(question: Question, text: str, sources: tuple[dict[str, str], ...]) -> list[str]:
    """What is missing in an answer, a sentence each; empty when every expectation is met."""
    shown = {source["title"] for source in sources}
    missing = [f"the source “{title}” was not shown" for title in question.sources if title not in shown]
    if question.unknown and shown:
        missing.append(f"it should not know, but showed “{'”, “'.join(sorted(shown))}”")
    return missing + missing_words(question.heard, text)


def missing_words(expected: tuple[str, ...], text: str) -> list[str]:
    """Which expected words were not heard, a sentence each."""
    heard = text.lower()
    return [
        f"“{entry}” was not heard" for entry in expected if not any(word in heard for word in entry.lower().split("|"))
    ]
