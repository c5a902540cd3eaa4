"""Requests to addresses that the company has set: bounded in time and size, and never led astray.

Tickets (`calls.delivery`) and account facts (`customers.accounts`) go out through here, signed, and pages
(`knowledge.web`) are asked for. What they say and what becomes of the answer is theirs.
"""

from insta_voice.outgoing.addresses import (
    Reach,
    Resolver,
    allowed_addresses,
    choose_address,
    is_public,
    resolve,
    usual_reach,
)
from insta_voice.outgoing.checks import mail_reasons, outgoing_reasons
from insta_voice.outgoing.mail import MailServer, mail_client, mail_server
from insta_voice.outgoing.pinned import asking
from insta_voice.outgoing.post import Answer, post_signed
from insta_voice.outgoing.signing import sign

__all__ = [
    "Answer",
    "MailServer",
    "Reach",
    "Resolver",
    "allowed_addresses",
    "asking",
    "choose_address",
    "is_public",
    "mail_client",
    "mail_reasons",
    "mail_server",
    "outgoing_reasons",
    "post_signed",
    "resolve",
    "sign",
    "usual_reach",
]
