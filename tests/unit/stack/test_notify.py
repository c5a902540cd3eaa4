"""What a part may say about itself, as sd_notify(3) defines it."""

import asyncio

import pytest

from insta_voice.readiness import notify_ready
from insta_voice.stack.notify import NotifySocket, parse_notification


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"READY=1", {"READY": "1"}),
        (b"READY=1\nSTATUS=a=b\n", {"READY": "1", "STATUS": "a=b"}),
        (b"nonsense\n=\nREADY=0", {"": "", "READY": "0"}),
        (b"\xff\xfe=\xff", {"��": "�"}),
        (b"", {}),
    ],
)
def test_lines_become_a_mapping(message: bytes, said: dict[str, str]) -> None:
    assert parse_notification(message) == said


async def test_what_our_parts_send_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses: list[str] = []
    listening = NotifySocket(statuses.append)
    try:
        monkeypatch.setenv("NOTIFY_SOCKET", listening.address)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(listening.ready(), 0.05)
        notify_ready("serving")
        await asyncio.wait_for(listening.ready(), 5)
    finally:
        listening.close()
    assert statuses == ["serving"]
