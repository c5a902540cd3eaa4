"""OpenAI's realtime model, as a call can survive it."""

import contextlib

from livekit.plugins import openai


class RealtimeModel(openai.realtime.RealtimeModel):
    """LiveKit's, with sessions that can be closed after they have failed."""

    def session(self, *, turn_detection_disabled: bool = False) -> openai.realtime.RealtimeSession:
        return _Session(self, turn_detection_disabled=turn_detection_disabled)


class _Session(openai.realtime.RealtimeSession):
    async def aclose(self) -> None:
        """Raises nothing: LiveKit's raises what the session failed of, and so the agent session could not go on to
        another agent.
        """
        with contextlib.suppress(Exception):
            await super().aclose()
