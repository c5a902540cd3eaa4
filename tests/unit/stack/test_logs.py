"""The one stream of lines."""

import asyncio
import io

from insta_voice.stack.logs import LogStream


async def test_each_line_carries_its_part_and_a_giant_one_is_left_out() -> None:
    out = io.StringIO()
    reader = asyncio.StreamReader(limit=64)
    reader.feed_data("grüße\n".encode() + b"x" * 200 + b"\nlast")
    reader.feed_eof()
    await LogStream(out).relay("speech", reader)
    lines = out.getvalue().splitlines()
    assert lines[0] == "speech   │ grüße"
    assert lines[-1] == "speech   │ last"
    assert any("left out" in line for line in lines)
    assert not any("xxx" in line for line in lines)


async def test_a_line_to_be_left_out_is() -> None:
    out = io.StringIO()
    reader = asyncio.StreamReader()
    reader.feed_data(b"FATAL: told to\nkept\n")
    reader.feed_eof()
    await LogStream(out).relay("postgres", reader, leave_out=lambda line: "told to" in line)
    assert out.getvalue() == "postgres │ kept\n"
