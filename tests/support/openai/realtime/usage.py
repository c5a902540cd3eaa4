"""What a response cost, as `response.done` says it."""

from collections.abc import Sequence
from itertools import takewhile

from tests.support.openai.checked import Json
from tests.support.openai.realtime.conversation import Item

Tokens = tuple[int, int]
"""Of text and of audio."""


def usage(told: int, context: Sequence[Item], seen: Sequence[str], said: Sequence[Tokens]) -> Json:
    """`told` text tokens of instructions and tools; `seen` are the ids of the items that the last response had.

    What an earlier response had before it is cached, up to the first item that is new or gone; with nothing earlier,
    nothing is.
    """
    pairs = zip(context, seen, strict=False)
    known = [item for item, _ in takewhile(lambda pair: pair[0].id == pair[1], pairs)]
    text, audio = _sum([(told, 0), *(item.tokens() for item in context)])
    cached_text, cached_audio = _sum([(told, 0), *(item.tokens() for item in known)]) if seen else (0, 0)
    out_text, out_audio = _sum(said)
    cached = {"text_tokens": cached_text, "audio_tokens": cached_audio, "image_tokens": 0}
    return {
        "total_tokens": text + audio + out_text + out_audio,
        "input_tokens": text + audio,
        "output_tokens": out_text + out_audio,
        "input_token_details": {
            "text_tokens": text,
            "audio_tokens": audio,
            "image_tokens": 0,
            "cached_tokens": cached_text + cached_audio,
            "cached_tokens_details": cached,
        },
        "output_token_details": {"text_tokens": out_text, "audio_tokens": out_audio},
    }


def _sum(tokens: Sequence[Tokens]) -> Tokens:
    return sum(text for text, _ in tokens), sum(audio for _, audio in tokens)
