"""What every call needs once and would otherwise load while its caller waits. Imported for its effect.

The worker imports it in LiveKit's fork server, so that job processes share the result; where processes are spawned,
each imports it while it warms up. No threads and no connections here.
"""

import importlib

from livekit.agents import llm, tokenize

import insta_voice.agent.call  # noqa: F401  (with everything a call imports)
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.knowledge.questions import split_questions, strip_fillers

# Chosen by name when the first request is sent: httpx's transport.
importlib.import_module("anyio._backends._asyncio")

# Word lists and patterns are read and compiled when first used: a tenth of a second together.
split_questions(strip_fillers("Hello, how do I reset my password, and what does it cost?"))
GroundedResponder("", "", False, 0.5).decide(
    llm.ChatContext([llm.ChatMessage(role="user", content=["Which plan am I on?"])]), []
)
tokenize.basic.SentenceTokenizer().tokenize("Hello there. How are you?")
tokenize.basic.hyphenate_word("password")
