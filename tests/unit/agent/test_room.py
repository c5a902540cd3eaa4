"""What the page is sent of an answer's sources, and of the end of a call."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from livekit import rtc
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.room import CALL_TOPIC, SOURCES_TOPIC, RoomChannel
from insta_voice.calls import Source


class ScriptedRoom:
    """A room with this participant and `others`, which keeps what is sent."""

    def __init__(self, *others: str) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.remote_participants = dict.fromkeys(others)
        self.listeners: list[tuple[str, Callable[..., None]]] = []

    def on(self, event: str, listener: Callable[..., None]) -> None:
        self.listeners.append((event, listener))

    def off(self, event: str, listener: Callable[..., None]) -> None:
        self.listeners.remove((event, listener))

    def leave(self, who: str) -> None:
        del self.remote_participants[who]
        for event, listener in self.listeners:
            if event == "participant_disconnected":
                listener(who)

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


@on_virtual_clock
async def test_a_page_that_leaves_once_it_has_read_the_end_keeps_nobody_waiting() -> None:
    room = ScriptedRoom("maya", "a colleague")
    clock = asyncio.get_running_loop()
    for after_s, who in ((0.1, "maya"), (0.2, "a colleague")):
        clock.call_later(after_s, room.leave, who)
    began_at_s = clock.time()
    await RoomChannel(cast("rtc.Room", room)).ended("Goodbye.")
    assert room.sent == [(CALL_TOPIC, {"state": "ended", "reason": "Goodbye."})]
    assert (clock.time() - began_at_s, room.listeners) == (pytest.approx(0.2), [])


@on_virtual_clock
async def test_who_stays_has_a_second_to_read_why_the_call_is_over() -> None:
    room = ScriptedRoom("maya")
    clock = asyncio.get_running_loop()
    began_at_s = clock.time()
    await RoomChannel(cast("rtc.Room", room)).ended(None)
    assert (clock.time() - began_at_s, room.listeners) == (pytest.approx(1.0), [])
