"""What the scripted model says: the same to every side, by heart. What it says to us has to rest on what our search has
found, or our own check leaves it out and the caller hears that nothing is known.
"""

from itertools import takewhile

from bench.latency.minds.mind import SEARCH
from bench.latency.script import NOTHING_KNOWN, answer_to
from tests.support.openai.received import Prompt
from tests.support.openai.script import Reply, call, reply


def reply_to(prompt: Prompt) -> Reply:
    """The prepared answer; before it a call of the tool, where there is one and a question for it."""
    since_it_spoke = takewhile(lambda message: message.role != "assistant", reversed(prompt.messages))
    asked = " ".join(reversed([message.text for message in since_it_spoke if message.role == "user"]))
    answer = answer_to(asked)
    if SEARCH in prompt.tools and answer != NOTHING_KNOWN and prompt.tool_result is None:
        return reply(call(SEARCH, query=asked))
    return reply(answer)
