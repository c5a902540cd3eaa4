"""The company's colour, as a browser would read it."""

import pytest

from insta_voice.company import Accent, parse_accent
from insta_voice.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "css"),
    [
        # The published values of sRGB's corners (CSS Color 4).
        ("#000", "oklch(0 0 0)"),
        ("#ffffff", "oklch(1 0 0)"),
        ("#808080", "oklch(0.5999 0 0)"),
        ("#00f", "oklch(0.452 0.3132 264.1)"),
        ("#0F0", "oklch(0.8664 0.2948 142.5)"),
        ("oklch(0.53 0.14 250)", "oklch(0.53 0.14 250)"),
        (" oklch( 53% .14 250deg ) ", "oklch(0.53 0.14 250)"),
    ],
)
def test_read(text: str, css: str) -> None:
    found = parse_accent(text)
    again = parse_accent(found.css)
    assert parse_accent(css).lightness == pytest.approx(found.lightness, abs=0.001)
    assert parse_accent(css).chroma == pytest.approx(found.chroma, abs=0.001)
    assert parse_accent(css).hue == pytest.approx(found.hue, abs=0.1)
    assert again.lightness == pytest.approx(found.lightness, abs=0.001)


@pytest.mark.parametrize(
    "text",
    [
        "blue", "#12", "#12345", "0a6ebd", "oklch(1.2 0.1 0)", "oklch(0.5 0.6 0)", "oklch(0.5 0.1 400)",
        "oklch(0.5, 0.1, 30)", "#fff; background: url(//evil.example)", "oklch(0.5 0.1 30) url(x)", "var(--x)", "",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="COMPANY_ACCENT"):
        parse_accent(text)


def test_css_holds_nothing_but_numbers() -> None:
    assert Accent(0.5, 0.1, 30).css == "oklch(0.5 0.1 30)"
