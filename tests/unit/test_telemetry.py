"""Logs are one line an event and say nothing about a person."""

import logging

import pytest

from insta_voice.errors import DBDriverError
from insta_voice.telemetry import PlainFormatter, describe_exception, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail maya@tidewater.example now", "mail [email] now"),
        ("to first.last+tag@mail.example.co.uk", "to [email]"),
        ("call +49 (30) 1234-5678", "call [number]"),
        ("call 555-123-4567.", "call [number]."),
        ("card 4111 1111 1111 1111!", "card [number]!"),
        ("card=4111111111111111", "card=[number]"),
        ("ssn 078-05-1120", "ssn [number]"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [token]"),
        ("eyJhbGciOi.eyJzdWIi.c2ln", "[token]"),
        ("postgresql://insta:hunter2@127.0.0.1:5432/db", "postgresql://[credentials]@127.0.0.1:5432/db"),
        ("wss://h/rtc?access_token=xyz&v=1", "wss://h/rtc?access_token=[secret]&v=1"),
        ('{"password": "hunter2", "a": 1}', '{"password": "[secret]", "a": 1}'),
        ("OPENAI_API_KEY=sk-abcdefghijklmnop", "OPENAI_API_KEY=[token]"),
        ("key sk-abcdefghijklmnopqrst", "key [token]"),
        ("f" * 48, "[token]"),
    ],
)
def test_what_could_name_a_person_or_open_a_door_is_taken_out(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "call 0f9b9f0e-1234-5678-9012-abcdefabcdef closed",
        "room call-1234567890abcdef1234567890abcdef",
        "listening on 127.0.0.1:8080",
        "from 192.168.100.200",
        "took 12345.678 ms at 2026-11-22 12:00:03",
        "pid 4194304, 12345678 bytes",
        "turn 3 of 12, version 1.13.5",
    ],
)
def test_what_operators_need_stays(text: str) -> None:
    assert redact(text) == text


def line_of(message: str, *, name: str = "insta_voice.test", error: BaseException | None = None) -> str:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), exc_info)
    return PlainFormatter().format(record)


def fail() -> None:
    try:
        raise ValueError("My name is Maya Okafor")
    except ValueError as error:
        raise DBDriverError(detail="UniqueViolation 23505") from error


def test_an_exception_is_told_by_class_and_place_alone() -> None:
    with pytest.raises(DBDriverError) as caught:
        fail()
    line = line_of("failed", error=caught.value)
    assert "Maya" not in line
    assert "\n" not in line
    assert "DBDriverError (UniqueViolation 23505) at" in line
    assert "from ValueError at" in line
    assert "in fail" in line


def test_a_traceback_made_text_in_another_process_is_told_the_same_way() -> None:
    """livekit.agents formats the exceptions of a job process before it sends them to ours."""
    with pytest.raises(DBDriverError) as caught:
        fail()
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "failed", (), (DBDriverError, caught.value, caught.value.__traceback__)
    )
    text = logging.Formatter().format(record)
    assert "Maya" in text
    line = line_of(text)
    assert "Maya" not in line
    assert "DBDriverError at" in line


def test_asyncio_does_not_repeat_the_exception_in_its_message() -> None:
    line = line_of("Task exception was never retrieved\nfuture: <Task exception=KeyError('maya')>", name="asyncio")
    assert line.endswith("ERROR asyncio: Task exception was never retrieved")


def test_a_cycle_of_causes_ends() -> None:
    error = ValueError()
    error.__cause__ = KeyError()
    error.__cause__.__cause__ = error
    assert describe_exception(error).count("ValueError") == 3
