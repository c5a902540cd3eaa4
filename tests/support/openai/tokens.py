"""How many tokens something costs, near enough for arithmetic that is held against it."""

import json
from typing import Final

# OpenAI's rule of thumb for English: four characters a token.
_CHARACTERS_PER_TOKEN: Final = 4
# OpenAI's guide on Realtime costs: a second of the caller's audio is 10 tokens, of the model's 20.
CALLER_MS_PER_TOKEN: Final = 100
MODEL_MS_PER_TOKEN: Final = 50


def text_tokens(*texts: object) -> int:
    """Tokens of texts, and of anything else as JSON."""
    length = sum(len(text if isinstance(text, str) else json.dumps(text)) for text in texts)
    return -(-length // _CHARACTERS_PER_TOKEN)
