"""The company's logo: a picture of bearable size, or an https address."""

from pathlib import Path

import pytest
from tests.support.firebase import SigningKey
from tests.support.settings import complete_settings

from insta_voice.company import load_logo, logo_origin
from insta_voice.company.logo import MAX_LOGO_BYTES
from insta_voice.errors import ConfigurationError

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SVG = b'<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x0a\x00\x00\x00WEBPVP8 ", "image/webp"),
        (SVG, "image/svg+xml"),
        (b"\xef\xbb\xbf  <svg>", "image/svg+xml"),
    ],
)
def test_a_picture_is_known_by_its_content(tmp_path: Path, content: bytes, media_type: str) -> None:
    file = tmp_path / "logo.txt"
    file.write_bytes(content)
    logo = load_logo(str(file))
    assert (logo.content, logo.media_type) == (content, media_type)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><svg></svg></html>", "no PNG"),
        (b"", "no PNG"),
        (b"%PDF-1.7", "no PNG"),
        (PNG + b"\0" * MAX_LOGO_BYTES, "larger than 512 kB"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=sentence):
        load_logo(str(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(ConfigurationError, match="which cannot be read"):
            load_logo(str(path))


def test_an_address_is_https() -> None:
    assert logo_origin("https://cdn.acme.example/logo.svg?a=b") == "https://cdn.acme.example"
    assert logo_origin("https://cdn.acme.example:8443/logo.svg") == "https://cdn.acme.example:8443"
    for address in (
        "http://acme.example/logo.png",
        "https://",
        "https://*/x",
        "https://a;script-src 'self'/",
        "https://user@acme.example/logo.png",
        "https://acme.example:99999/",
        "javascript://acme.example/%0aalert(1)",
    ):
        with pytest.raises(ConfigurationError, match="COMPANY_LOGO"):
            logo_origin(address)


async def test_the_api_serves_it_as_a_picture_and_nothing_else(tmp_path: Path, signing_key: SigningKey) -> None:
    from tests.support.api import serving

    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    async with serving(complete_settings(COMPANY_LOGO=str(file)), signing_key, page=tmp_path) as api:
        company = (await api.http.get("/api/config")).json()["company"]
        answer = await api.http.get(company["logo_url"])
        assert answer.content == SVG
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"].startswith("public")


async def test_without_a_file_there_is_no_logo(tmp_path: Path, signing_key: SigningKey) -> None:
    from tests.support.api import serving

    settings = complete_settings(COMPANY_LOGO="https://cdn.acme.example/logo.svg")
    async with serving(settings, signing_key, page=tmp_path) as api:
        answer = await api.http.get("/api/logo")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
