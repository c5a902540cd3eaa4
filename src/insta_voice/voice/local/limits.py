"""What the speech server accepts: enough for any turn of a call, too little to tie it up."""

from insta_voice.errors import InvalidInputError
from insta_voice.voice.local.piper import SPEEDS

MAX_AUDIO_S = 120.0  # of one segment: people speak for seconds; this is a caller who reads something out
MAX_TEXT_CHARS = 4096  # OpenAI's own limit for speech
MAX_EMBED_TEXTS = 256
MAX_EMBED_CHARS = 20_000  # the models read the first 512 tokens
MAX_DRAFT_TOKENS = 256  # half a minute of quick speech is 200; more is not read
MAX_AT_ONCE = 16  # utterances or segments one connection may have under way
SAMPLE_RATES = (8_000, 48_000)
SEND_TIMEOUT_S = 10.0  # a client that does not read for so long is gone


def check_text(text: str) -> str:
    """`text` when it may be spoken, else InvalidInputError."""
    if not text.strip():
        raise InvalidInputError("There is nothing to say: the text is empty.")
    if len(text) > MAX_TEXT_CHARS:
        raise InvalidInputError(f"The text is too long: {len(text)} of at most {MAX_TEXT_CHARS} characters.")
    return text


def check_speed(speed: float) -> float:
    """`speed` when the voice can do it, else InvalidInputError."""
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise InvalidInputError(f"The speed must be from {SPEEDS[0]} to {SPEEDS[1]}.")
    return speed


def check_audio(byte_count: int, sample_rate: int) -> None:
    """InvalidInputError when 16-bit mono audio of this size is too long or has an unusable rate."""
    if not SAMPLE_RATES[0] <= sample_rate <= SAMPLE_RATES[1]:
        raise InvalidInputError(f"The sample rate must be from {SAMPLE_RATES[0]} to {SAMPLE_RATES[1]} Hz.")
    if byte_count / 2 / sample_rate > MAX_AUDIO_S:
        raise InvalidInputError(f"The audio is too long: at most {MAX_AUDIO_S:.0f} s at a time.")


def check_draft(draft: object) -> tuple[int, ...]:
    """`draft` as token numbers, else InvalidInputError."""
    if not isinstance(draft, list) or not all(type(token) is int for token in draft):
        raise InvalidInputError("The draft must be a list of token numbers.")
    return tuple(draft[:MAX_DRAFT_TOKENS])
