"""What stands in when a provider fails: voices that take over within a sentence, and streams that are given up in
time. Who stands in for the mind is the agent's business; the providers themselves are built beside this folder.
"""

from insta_voice.voice.fallback.deadline import timely
from insta_voice.voice.fallback.tts import FallbackTTS

__all__ = ["FallbackTTS", "timely"]
