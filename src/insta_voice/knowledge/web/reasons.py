"""Why a page was not taken, as one sentence."""

from insta_voice.errors import InstaVoiceError, OutgoingError


def reason_of(error: InstaVoiceError) -> str:
    """What goes into a report: an answer that failed to come says so in its detail."""
    return f"It was not read: {error.detail}." if isinstance(error, OutgoingError) else error.message
