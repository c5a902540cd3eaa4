"""Brings a ticket to the team: a signed webhook, mail, or both.

The webhook's body is JSON; `X-Insta-Signature` is `sha256=` and the HMAC-SHA256, in hex, of `X-Insta-Timestamp`,
a full stop and the body, with TICKET_WEBHOOK_SECRET. `X-Insta-Ticket` is the same on every attempt.
"""

import time
from collections.abc import Callable
from email.message import EmailMessage

import aiosmtplib

from insta_voice.calls.models import Ticket, Way
from insta_voice.errors import DeliveryError, OutgoingError
from insta_voice.outgoing import (
    Reach,
    Resolver,
    mail_client,
    mail_reasons,
    mail_server,
    post_signed,
    resolve,
    usual_reach,
)
from insta_voice.settings import NotifySettings, Settings

_TIMEOUT_S = 10.0  # a help desk that takes longer is tried again by the job


def can_deliver(settings: Settings) -> bool:
    """Whether a ticket would reach somebody: without a webhook or mail, callers are given SUPPORT_CONTACT."""
    return bool(ways_to_deliver(settings))


def ways_to_deliver(settings: Settings) -> tuple[Way, ...]:
    """The ways that are set, each of which is to bring every ticket."""
    notify = settings.notify
    webhook: tuple[Way, ...] = ("webhook",) if notify.webhook_url and notify.webhook_secret else ()
    mail: tuple[Way, ...] = ("mail",) if notify.smtp_url is not None and not any(mail_reasons(notify)) else ()
    return webhook + mail


async def deliver_ticket(
    settings: Settings,
    ticket: Ticket,
    way: Way,
    *,
    clock: Callable[[], float] = time.time,
    resolver: Resolver = resolve,
) -> None:
    """Deliver `ticket` by one of the `ways_to_deliver`. DeliveryError when that fails: the job tries again."""
    notify = settings.notify
    if way == "webhook":
        await _post(notify, ticket, str(int(clock())), resolver, usual_reach(settings))
    else:
        await _mail(notify, ticket, settings.company.company_name)


async def _post(notify: NotifySettings, ticket: Ticket, timestamp: str, resolver: Resolver, reach: Reach) -> None:
    assert notify.webhook_url is not None
    assert notify.webhook_secret is not None
    try:
        answer = await post_signed(
            notify.webhook_url,
            _payload(ticket),
            secret=notify.webhook_secret.get_secret_value(),
            timestamp=timestamp,
            timeout_s=_TIMEOUT_S,
            reach=reach,
            headers={"X-Insta-Ticket": str(ticket.ticket_id)},
            resolver=resolver,
        )
    except OutgoingError as error:
        raise DeliveryError(detail=f"ticket webhook: {error.detail}") from error
    if not answer.is_success:
        raise DeliveryError(detail=f"ticket webhook: HTTP {answer.status}")


async def _mail(notify: NotifySettings, ticket: Ticket, company_name: str) -> None:
    assert notify.smtp_url is not None
    message = EmailMessage()
    message["From"] = notify.email_from
    message["To"] = notify.email_to
    message["Subject"] = f"[{company_name}] {ticket.subject}"
    message["Message-ID"] = f"<ticket-{ticket.ticket_id}@insta-voice.invalid>"  # a repeat is seen as one mail
    message.set_content(f"{ticket.briefing}\n\nCall {ticket.call_id}\nTicket {ticket.ticket_id}\n")
    server = mail_server(notify.smtp_url.get_secret_value())
    assert server is not None, "or there is no mail"
    try:
        async with mail_client(server, timeout_s=_TIMEOUT_S) as client:
            await client.send_message(message)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise DeliveryError(detail=f"ticket mail: {type(error).__name__}") from error


def _payload(ticket: Ticket) -> dict[str, str]:
    return {
        "ticket_id": str(ticket.ticket_id),
        "call_id": str(ticket.call_id),
        "user_id": ticket.user_id,
        "subject": ticket.subject,
        "briefing": ticket.briefing,
        "created_at": ticket.created_at.isoformat(),
    }
