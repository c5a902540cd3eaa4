"""The caller of tests is the demo's: a real participant on WebRTC that speaks, hears and measures."""

from insta_voice.demo.caller import Caller, Line, Reply

__all__ = ["Caller", "Line", "Reply"]
