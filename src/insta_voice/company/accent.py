"""The company's colour: read as hex or OKLCH, told as OKLCH, so that the page can set its lightness in each theme."""

import math
import re
from dataclasses import dataclass

from insta_voice.errors import ConfigurationError

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_NUMBER = r"(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})"
_OKLCH = re.compile(rf"oklch\(\s*{_NUMBER}(%?)\s+{_NUMBER}\s+{_NUMBER}(?:deg)?\s*\)", re.IGNORECASE)
_MOST_CHROMA = 0.4  # no screen shows more; CSS Color 4 calls 0.4 a hundred percent
_GREY_CHROMA = 0.0005  # below this the hue is what rounding left


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour: `lightness` 0 to 1, `chroma` 0 to 0.4, `hue` in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def css(self) -> str:
        """As CSS writes it: `oklch(0.55 0.12 250)`."""
        return f"oklch({self.lightness:.4g} {self.chroma:.4g} {self.hue:.4g})"


def parse_accent(text: str) -> Accent:
    """`#0a6`, `#00aa66` or `oklch(0.6 0.14 155)`. ConfigurationError for anything else."""
    text = text.strip()
    if _HEX.fullmatch(text):
        return _from_hex(text[1:])
    if found := _OKLCH.fullmatch(text):
        lightness = float(found[1]) / (100 if found[2] else 1)
        chroma, hue = float(found[3]), float(found[4])
        if lightness <= 1 and chroma <= _MOST_CHROMA and hue <= 360:
            return Accent(lightness, chroma, hue % 360)
    raise ConfigurationError(
        "COMPANY_ACCENT is no colour that can be read. Write it like #0a6ebd or oklch(0.53 0.14 250)."
    )


def _from_hex(digits: str) -> Accent:
    """sRGB to OKLCH. Source of the matrices: Björn Ottosson, "A perceptual color space for image processing"."""
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    chroma = math.hypot(a, b)
    if chroma < _GREY_CHROMA:
        return Accent(round(min(lightness, 1.0), 4), 0.0, 0.0)
    return Accent(round(lightness, 4), round(chroma, 4), round(math.degrees(math.atan2(b, a)) % 360, 2))


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
