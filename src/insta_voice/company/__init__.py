"""How the company that runs this presents itself: its name, greeting, colour, logo and addresses, read and checked.

What is wrong with them is said at start, a sentence each. The settings themselves stand in `settings`; who speaks
the greeting is `agent`, who shows the rest is the page.
"""

from insta_voice.company.accent import Accent, parse_accent
from insta_voice.company.checks import greeting_reasons, page_reasons
from insta_voice.company.languages import listed, not_held
from insta_voice.company.logo import LogoFile, is_address, load_logo, logo_origin
from insta_voice.company.welcome import own_welcome

__all__ = [
    "Accent",
    "LogoFile",
    "greeting_reasons",
    "is_address",
    "listed",
    "load_logo",
    "logo_origin",
    "not_held",
    "own_welcome",
    "page_reasons",
    "parse_accent",
]
