"""What a Realtime session of the kit keeps: its items in order, the caller's sound, its settings."""

import base64
from typing import Any

import pytest
from tests.support.openai import tone
from tests.support.openai.realtime.config import merge
from tests.support.openai.realtime.conversation import Conversation, Item, Rejected
from tests.support.openai.realtime.microphone import Microphone
from tests.support.openai.sound import BYTES_PER_MS

VOICE_MS, VOICE = 600, tone("0123456789")


def encoded(pcm: bytes) -> str:
    return base64.b64encode(pcm).decode()


def silence(lasts_ms: int) -> str:
    return encoded(bytes(lasts_ms * BYTES_PER_MS))


def item(name: str, **fields: Any) -> Item:
    return Item({"id": name, "type": "message", "role": "user", "content": []}, **fields)


def test_an_item_stands_where_it_is_put_and_knows_the_one_before_it() -> None:
    conversation = Conversation()
    assert conversation.insert(item("b")) is None
    assert conversation.insert(item("d")) == "b"
    assert conversation.insert(item("c"), after="b") == "b"
    assert conversation.insert(item("a"), after="root") is None
    assert [one.id for one in conversation.items] == ["a", "b", "c", "d"]
    conversation.delete("b")
    assert [one.id for one in conversation.items] == ["a", "c", "d"]


def test_an_item_is_there_once() -> None:
    conversation = Conversation()
    conversation.insert(item("a"))
    with pytest.raises(Rejected, match="already there"):
        conversation.insert(item("a"))
    with pytest.raises(Rejected, match="does not exist"):
        conversation.insert(item("c"), after="b")


def test_nothing_is_left_of_what_was_cut_off() -> None:
    conversation = Conversation()
    said = item("a", audio_ms=1000, words=[("It", 400), (" is", 1000)])
    said.body["content"] = [{"type": "output_audio", "transcript": "It is"}]
    conversation.insert(said)
    assert said.tokens() == (0, 20)
    conversation.truncate("a", 500)
    assert (said.message().text, said.tokens()) == ("It", (0, 10))
    assert said.body["content"] == [{"type": "output_audio"}]


def test_what_the_caller_said_cannot_be_cut_off() -> None:
    conversation = Conversation()
    heard = item("a", audio_ms=1000, heard="Hello.")
    conversation.insert(heard)
    with pytest.raises(Rejected, match="Only model output"):
        conversation.truncate("a", 500)
    assert heard.tokens() == (0, 10), "a token is 100 ms of a caller, and 50 ms of the model"


def test_a_turn_is_what_was_said_since_the_last_one() -> None:
    microphone = Microphone()
    for _ in range(2):
        assert [*microphone.append(encoded(VOICE), None)] == []
        assert microphone.take() == VOICE
    assert [*microphone.append(encoded(VOICE), None)] == []
    microphone.clear()
    with pytest.raises(Rejected, match="buffer only has 0ms"):
        microphone.take()


@pytest.mark.parametrize(
    ("detection", "silent_ms"),
    [({"type": "server_vad", "silence_duration_ms": 200}, 200), ({"type": "semantic_vad"}, 500)],
)
def test_a_turn_is_over_after_the_silence_that_is_set(detection: dict[str, object], silent_ms: int) -> None:
    microphone = Microphone()
    assert [*microphone.append(silence(1000), detection)] == []
    assert [*microphone.append(encoded(VOICE), detection)] == ["started"]
    assert [*microphone.append(silence(silent_ms - 100), detection)] == []
    assert [*microphone.append(encoded(VOICE), detection)] == []
    assert [*microphone.append(silence(silent_ms - 100), detection)] == []
    assert [*microphone.append(silence(100), detection)] == ["stopped"]


def test_what_is_no_sound_is_rejected() -> None:
    with pytest.raises(Rejected, match="Expected base64"):
        list(Microphone().append("*", None))


def test_settings_change_by_name_and_by_kind_as_a_whole() -> None:
    config = {"audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 0.5}, "format": "pcm"}}}
    merge(config, {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}})
    assert config == {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}, "format": "pcm"}}}
