"""What other programs send over the OpenAI audio API is read as it was meant, or refused with a sentence."""

import io
import wave

import numpy as np
import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.voice.local.multipart import parse_form
from insta_voice.voice.local.wav import read_wav, write_wav


def form(*parts: tuple[str, bytes], boundary: str = "b0undary") -> tuple[str, bytes]:
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def test_a_form_with_line_breaks_and_dashes_in_its_file_comes_through_whole():
    audio = b"RIFF\r\n--not the boundary\r\n\r\n\x00\xff\n"
    assert parse_form(*form(("model", b"any"), ("file", audio))) == {"model": b"any", "file": audio}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nno header end\r\n--x--"),
    ],
)
def test_a_damaged_form_is_refused(content_type, body):
    with pytest.raises(InvalidInputError):
        parse_form(content_type, body)


def test_wav_goes_there_and_back():
    pcm = np.arange(-100, 100, dtype="<i2").tobytes()
    assert read_wav(write_wav(pcm, 22_050)) == (pcm, 22_050)


def test_stereo_is_mixed():
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.array([[1000, 3000]] * 10, dtype="<i2").tobytes())
    pcm, rate = read_wav(out.getvalue())
    assert rate == 16_000
    assert np.frombuffer(pcm, "<i2") == pytest.approx(np.full(10, 2000), abs=1)


@pytest.mark.parametrize("data", [b"", b"ID3 not a wav", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_wav_is_refused(data):
    with pytest.raises(InvalidInputError):
        read_wav(data)
