"""What the page is sent of an answer's sources."""

import json
from typing import Any, cast

from livekit import rtc

from insta_voice.agent.room import SOURCES_TOPIC, RoomChannel
from insta_voice.calls import Source


class ScriptedRoom:
    """A room with this participant alone, which keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    @property
    def local_participant(self) -> "ScriptedRoom":
        return self

    def isconnected(self) -> bool:
        return True

    async def send_text(self, text: str, *, topic: str) -> None:
        self.sent.append((topic, json.loads(text)))


async def test_a_source_names_article_version_heading_and_sentence() -> None:
    room = ScriptedRoom()
    source = Source("a1", "Reset", "/help/a1", "Choose Reset.", heading="Steps › Web", version=3, index="a-model")
    await RoomChannel(cast("rtc.Room", room)).sources(4, [source])
    card = {
        "article_id": "a1",
        "title": "Reset",
        "url": "/help/a1",
        "quote": "Choose Reset.",
        "heading": "Steps › Web",
        "version": 3,
    }
    assert room.sent == [(SOURCES_TOPIC, {"turn": 4, "sources": [card]})]
