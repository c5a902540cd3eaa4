"""What is wrong with the company's settings, a sentence with its mend each."""

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

from insta_voice.company.accent import parse_accent
from insta_voice.company.languages import language_reasons
from insta_voice.company.logo import is_address, load_logo, logo_origin
from insta_voice.company.welcome import check_welcome
from insta_voice.errors import ConfigurationError
from insta_voice.languages import LANGUAGES
from insta_voice.settings import CompanySettings, Settings

MAX_NAME_CHARS = 80  # it is said in one breath, and stands in one line on a phone
_DEMO_NAME = CompanySettings.model_fields["company_name"].default
_DEMO_CONTACT = CompanySettings.model_fields["support_contact"].default


def page_reasons(settings: Settings) -> Iterator[str]:
    """Every reason for the page not to start."""
    company = settings.company
    if company.company_accent:
        yield from _reason(parse_accent, company.company_accent)
    if company.company_logo:
        yield from _reason(logo_origin if is_address(company.company_logo) else load_logo, company.company_logo)
    if company.company_privacy_url and not _is_web_address(company.company_privacy_url):
        yield "COMPANY_PRIVACY_URL is no web address. Write it like https://example.com/privacy."


def greeting_reasons(settings: Settings) -> Iterator[str]:
    """Every reason for anything not to start that speaks or writes to callers."""
    company = settings.company
    if not 0 < len(company.company_name.strip()) <= MAX_NAME_CHARS:
        yield f"COMPANY_NAME has {len(company.company_name)} characters. Use 1 to {MAX_NAME_CHARS}."
    for name in ("welcome_message", *(f"welcome_message_{code}" for code in LANGUAGES)):
        if own := getattr(company, name):
            yield from _reason(partial(check_welcome, variable=name.upper()), own)
    yield from language_reasons(settings)
    if company.company_name == _DEMO_NAME:
        if settings.service.env == "production":
            yield f"COMPANY_NAME is the demo's, {_DEMO_NAME}: callers would hear it. Set your own in production."
    elif company.support_contact == _DEMO_CONTACT:
        yield (
            f"SUPPORT_CONTACT is the demo's, {_DEMO_CONTACT}, while COMPANY_NAME is yours: callers would be sent "
            "there. Set your own."
        )


def _reason(check: Callable[[str], object], value: str) -> Iterator[str]:
    try:
        check(value)
    except ConfigurationError as error:
        yield error.message


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
