"""What another mind is told of the conversation, when it takes the session over."""

from livekit.agents import llm


def for_stand_in(context: llm.ChatContext, question: str) -> llm.ChatContext:
    """What was said in words; a `question` that is open is the last of it, without half an answer."""
    said = context.copy(exclude_instructions=True)
    # What the model heard itself is an item without words; they came from recognition, as another.
    items = [item for item in said.items if item.type != "message" or item.text_content]
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
        item for item in said.items if item.type == "message" and item.role in ("user", "assistant") and item.content
    ]
    return said


def _is_question(item: llm.ChatItem, words: str) -> bool:
    return item.type == "message" and item.role == "user" and item.text_content == words
