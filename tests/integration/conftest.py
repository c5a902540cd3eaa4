"""Fixtures of whole calls, and the real embedding model."""

from tests.support.calls import call_center
from tests.support.knowledge import embedder
from tests.support.livekit_server import livekit_server
from tests.support.speech import speech_server

__all__ = ["call_center", "embedder", "livekit_server", "speech_server"]
