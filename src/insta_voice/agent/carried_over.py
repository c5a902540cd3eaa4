"""What another mind is told of the conversation, when it takes the session over."""

from collections.abc import Sequence

from livekit.agents import llm


def for_stand_in(context: llm.ChatContext, question: str) -> llm.ChatContext:
    """What was said in words; a `question` that is open is the last of it, without half an answer."""
    said = context.copy(exclude_instructions=True)
    items = _said_once(said.items)
    if question:
        asked = [n for n, item in enumerate(items) if _is_question(item, question)]
        items = items[: asked[-1]] if asked else items
    said.items = items
    if question:
        said.add_message(role="user", content=question)
    return said


def for_realtime(context: llm.ChatContext) -> llm.ChatContext:
    """What both have said. Not what tools found: another mind's calls have names that OpenAI does not take, and what
    may have changed since is better looked up again.
    """
    said = context.copy()
    said.items = [
        item
        for item in _said_once(said.items)
        if item.type == "message" and item.role in ("user", "assistant") and item.content
    ]
    return said


def _said_once(items: Sequence[llm.ChatItem]) -> list[llm.ChatItem]:
    """Of what a realtime model heard there are two items: its own, which has its words late or never, and the one that
    recognition made.
    """
    once: list[llm.ChatItem] = []
    caller = ""
    for item in items:
        if item.type == "message":
            words = item.text_content or ""
            if not words or (item.role == "user" and words == caller):
                continue
            caller = words if item.role == "user" else ""
        once.append(item)
    return once


def _is_question(item: llm.ChatItem, words: str) -> bool:
    return item.type == "message" and item.role == "user" and item.text_content == words
