"""Tells the page when another mind answers in the place of the call's own, and when its own does again."""

from insta_voice.agent.room import RoomChannel

APP = "app"  # what the app says itself is in nobody's place


class StandIn:
    """One per call. Nothing is told while the mind that answers is the one that was chosen for the call."""

    def __init__(self, channel: RoomChannel) -> None:
        self._channel = channel
        self._answers = False
        self.own_mind = ""  # the name of the mind that is asked first; nobody stands in for one that is not known

    async def words_of(self, mind: str) -> None:
        """The first words of an answer of `mind` are there, and nothing is heard yet."""
        if not self.own_mind or mind == APP:
            return
        stands_in = mind != self.own_mind
        if stands_in != self._answers:
            self._answers = stands_in
            await self._channel.call("stand_in" if stands_in else "restored")
