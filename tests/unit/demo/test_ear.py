"""When the scripted caller takes a sound for the beginning of something, and what it tells of that."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from livekit import rtc

from insta_voice.demo.caller import Caller
from insta_voice.demo.ear import Ear
from insta_voice.demo.microphone import is_audible

SILENCE, SPEECH = np.zeros(480, np.int16), np.full(480, 3000, np.int16)


def test_speech_is_audible_and_the_noise_of_a_room_is_not() -> None:
    noise = np.random.default_rng(7).normal(0, 33, 480).astype(np.int16)
    assert [is_audible(samples) for samples in (SILENCE, noise, SPEECH)] == [False, False, True]


async def test_sound_after_a_silence_begins_and_after_a_gap_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ear, began = Ear(), []
    ear.on_onset = lambda at_s, quiet_s: began.append((at_s, quiet_s))
    heard = [(10.0, SPEECH), (10.2, SILENCE), (10.25, SPEECH), (10.6, SPEECH), (11.5, SILENCE), (13.6, SPEECH)]
    clock = iter([at_s for at_s, _ in heard])
    monkeypatch.setattr("insta_voice.demo.ear.time", SimpleNamespace(monotonic=lambda: next(clock)))

    async def frames() -> AsyncIterator[Any]:
        for _, samples in heard:
            yield SimpleNamespace(frame=SimpleNamespace(data=samples.tobytes()))

    await ear._run(frames())  # type: ignore[arg-type]
    assert began == [(10.0, None), (10.6, pytest.approx(0.35)), (13.6, pytest.approx(3.0))]


class Room(rtc.Room):
    """Keeps what is sent to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[dict[str, Any], str, list[str]]] = []

    @property
    def local_participant(self) -> Any:
        async def send_text(text: str, *, topic: str, destination_identities: list[str]) -> None:
            self.sent.append((json.loads(text), topic, destination_identities))

        return SimpleNamespace(send_text=send_text)


async def test_the_assistant_is_told_after_how_long_it_was_heard() -> None:
    room = Room()
    caller = Caller(room=room)
    caller._heard.talker = "assistant-1"
    caller.microphone.last_sound_at_s = 10.0
    caller.ear.on_onset(10.7, 5.0)
    caller.ear.on_onset(9.0, None)  # the caller still speaks
    await asyncio.gather(*caller._heard._sending)
    (first, topic, to), (second, *_) = room.sent
    assert (topic, to) == ("insta.heard", ["assistant-1"])
    assert (first["silence_ms"], first["quiet_ms"]) == (pytest.approx(700), 5000)
    assert first["sent_after_ms"] > 0
    assert (second["silence_ms"], second["quiet_ms"]) == (0, None)
