"""Rules of who may call that would let strangers spend the company's money, or nobody in at all."""

from collections.abc import Iterator
from typing import Final

from insta_voice.settings import Settings

# Where anyone may have an address: naming one of these is naming everybody. The largest, by users.
PUBLIC_MAIL: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
        "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.ru", "yandex.ru",
        "qq.com", "163.com", "zoho.com",
    }
)  # fmt: skip


def signup_reasons(settings: Settings) -> Iterator[str]:
    """Every reason not to start."""
    signup = settings.signup
    if settings.service.env == "production" and signup.signup == "open" and not signup.signup_strangers_may_call:
        yield (
            "SIGNUP=open lets anybody with a Google account call at your cost. Use known or domains, "
            "or say with SIGNUP_STRANGERS_MAY_CALL=true that this is meant."
        )
    if settings.signup_rule != "domains":
        return
    if not signup.signup_domains:
        yield "SIGNUP=domains, and SIGNUP_DOMAINS names none: nobody new could call. Name your e-mail domains."
    for domain in signup.signup_domains:
        if domain.lower().lstrip("@") in PUBLIC_MAIL:
            yield f"SIGNUP_DOMAINS holds {domain}, where anybody has an address. Name domains of your own."
        elif "*" in domain or "@" in domain or "/" in domain or "." not in domain:
            yield f"SIGNUP_DOMAINS holds {domain!r}, which is no domain. Write it like example.com."
