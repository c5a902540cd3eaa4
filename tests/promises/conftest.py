"""Fixtures of whole calls."""

from tests.support.calls import call_center
from tests.support.livekit_server import livekit_server
from tests.support.speech import speech_server

__all__ = ["call_center", "livekit_server", "speech_server"]
