"""The company's logo: a picture file the API serves, or an address of the company's own that browsers fetch."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from insta_voice.errors import ConfigurationError

MAX_LOGO_BYTES: Final = 512 * 1024  # it is loaded before the first word on the page
_SIGNATURES: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]", re.DOTALL),
     "image/svg+xml"),
)  # fmt: skip
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A logo that was read. `version` changes with its content."""

    content: bytes
    media_type: str
    version: str


def is_address(logo: str) -> bool:
    """Whether COMPANY_LOGO names a place on the network and not a file."""
    return "://" in logo


def logo_origin(logo: str) -> str:
    """The origin of a logo's https address, as a browser's policy writes it. ConfigurationError for another."""
    try:
        parts = urlsplit(logo)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        port, host, parts = None, "", urlsplit("")
    if parts.scheme != "https" or parts.username is not None or not _HOST.fullmatch(host):
        raise ConfigurationError(
            "COMPANY_LOGO is no https:// address: browsers would not show it. Use https, or name a file."
        )
    return f"https://{host}:{port}" if port else f"https://{host}"


def load_logo(logo: str) -> LogoFile:
    """The picture at the path `logo`. ConfigurationError when it is missing, too large or no picture."""
    path = Path(logo).expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LOGO_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"COMPANY_LOGO is {logo}, which cannot be read ({error.strerror}).") from error
    if len(content) > MAX_LOGO_BYTES:
        raise ConfigurationError(
            f"COMPANY_LOGO is {logo}, which is larger than {MAX_LOGO_BYTES // 1024} kB. Make it smaller."
        )
    for signature, media_type in _SIGNATURES:
        if signature.match(content):
            return LogoFile(content, media_type, hashlib.sha256(content).hexdigest()[:12])
    raise ConfigurationError(f"COMPANY_LOGO is {logo}, which is no PNG, JPEG, GIF, WebP or SVG picture.")
