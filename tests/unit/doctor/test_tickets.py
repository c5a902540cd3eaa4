"""What doctor says of the ways tickets go: mail up to the login, a webhook up to the connection."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.doctor import PRIVATE, PUBLIC, UNKNOWN, said, surroundings
from tests.support.mail_server import serving_mail, untrusted_certificate
from tests.support.network import name_here
from tests.support.settings import settings_from

from insta_voice.calls import Ticket, deliver_ticket
from insta_voice.doctor.mail import check_mail
from insta_voice.doctor.webhook import check_webhook
from insta_voice.errors import DeliveryError

TICKET = Ticket(UUID(int=1), UUID(int=2), "maya", "k", "Subject", "Briefing", datetime(2026, 11, 22, tzinfo=UTC), None)
FROM_TO = {"TICKET_EMAIL_FROM": "voice@acme.example", "TICKET_EMAIL_TO": "desk@acme.example"}
SECRET = {"TICKET_WEBHOOK_SECRET": "0123456789abcdef"}


async def mail(url: str, **changes: str) -> str:
    return said(await check_mail(surroundings({"TICKET_SMTP_URL": url, **FROM_TO, **changes})))


async def test_a_mail_server_that_lets_us_in_gets_no_mail() -> None:
    async with serving_mail() as server:
        assert await mail(f"smtp://desk:pass%20word@127.0.0.1:{server.port}") == (
            "ok: The mail server lets us in; no mail was sent. | "
        )
    assert b"AUTH" in server.verbs
    assert not {b"MAIL", b"RCPT", b"DATA"} & set(server.verbs)


async def test_a_password_that_is_not_taken() -> None:
    async with serving_mail() as server:
        found = await mail(f"smtp://desk:hunter2@127.0.0.1:{server.port}")
    assert found.startswith("problem: The mail server does not take the user and password")
    assert "hunter2" not in found


async def test_a_server_elsewhere_without_starttls_takes_no_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor was content, and every mail failed: the delivery asks for encryption, doctor took what was offered."""
    name_here(monkeypatch, "mail.acme.example")
    async with serving_mail() as server:
        address = f"smtp://desk:pass%20word@mail.acme.example:{server.port}"
        found = await mail(address)
        with pytest.raises(DeliveryError):
            await deliver_ticket(settings_from({"TICKET_SMTP_URL": address, **FROM_TO}), TICKET, "mail")
    assert found.startswith("problem: The mail server offers no encryption (STARTTLS)")
    assert not {b"AUTH", b"MAIL"} & set(server.verbs)


async def test_a_server_that_hangs_up() -> None:
    async with serving_mail(hangs_up=True) as server:
        assert "problem: The mail server hung up before the login" in await mail(f"smtp://127.0.0.1:{server.port}")


async def test_tls_where_there_is_none() -> None:
    async with serving_mail() as server:
        assert "problem: The mail server speaks no TLS on this port" in await mail(f"smtps://127.0.0.1:{server.port}")


async def test_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    async with serving_mail(tls=untrusted_certificate(tmp_path)) as server:
        assert "problem: The mail server's certificate is not trusted" in await mail(f"smtps://127.0.0.1:{server.port}")


WRONG_MAIL = {
    "another scheme": ("https://mail.example", {}, "problem: TICKET_SMTP_URL is no address"),
    "a slash in the password": ("smtp://u:a/b@mail.example:587", {}, "problem: TICKET_SMTP_URL is no address"),
    "nobody to send to": (
        "smtp://127.0.0.1:9",
        {"TICKET_EMAIL_TO": ""},
        "problem: TICKET_EMAIL_FROM or TICKET_EMAIL_TO is not set",
    ),
    "nobody's address": (
        "smtp://127.0.0.1:9",
        {"TICKET_EMAIL_TO": "desk"},
        "problem: TICKET_EMAIL_FROM or TICKET_EMAIL_TO is no mail address",
    ),
    "nothing there": ("smtp://127.0.0.1:9", {}, "problem: Nothing listens at the host and port of TICKET_SMTP_URL"),
}


@pytest.mark.parametrize(("url", "change", "sentence"), WRONG_MAIL.values(), ids=WRONG_MAIL.keys())
async def test_each_wrong_mail_setting_has_its_sentence(url: str, change: dict[str, str], sentence: str) -> None:
    assert sentence in await mail(url, **change)


async def test_without_mail_there_is_nothing_to_say() -> None:
    assert await check_mail(surroundings({})) == []


async def webhook(url: str, **changes: str) -> str:
    return said(await check_webhook(surroundings({"TICKET_WEBHOOK_URL": url, **SECRET, **changes})))


async def test_a_webhook_is_reached_and_nothing_posted() -> None:
    received = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        found = await webhook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tickets")
        assert found == "ok: The ticket webhook is reached; nothing was posted. | "
        assert await received == b""


async def test_a_webhook_whose_certificate_nobody_signed(tmp_path: Path) -> None:
    async with serving_mail(tls=untrusted_certificate(tmp_path)) as server:
        assert "problem: The certificate at TICKET_WEBHOOK_URL" in await webhook(f"https://localhost:{server.port}/")


WRONG_WEBHOOK = {
    "a private address": (f"https://{PRIVATE}/", {}, "problem: TICKET_WEBHOOK_URL leads to a private address"),
    "loopback in production": ("http://127.0.0.1:9/", {"INSTA_ENV": "production"}, "leads to a private address"),
    "http in production": (f"http://{PUBLIC}/", {"INSTA_ENV": "production"}, "problem: TICKET_WEBHOOK_URL is http"),
    "an unknown name": (f"https://{UNKNOWN}/", {}, "problem: The name in TICKET_WEBHOOK_URL is unknown here"),
    "another scheme": ("ftp://desk.example/", {}, "problem: TICKET_WEBHOOK_URL is no web address"),
    "no port": ("https://desk.example:x/", {}, "problem: TICKET_WEBHOOK_URL is no web address"),
    "nothing there": ("http://127.0.0.1:9/", {}, "problem: Nothing listens at TICKET_WEBHOOK_URL"),
    "a short secret": ("http://127.0.0.1:9/", {"TICKET_WEBHOOK_SECRET": "short"}, "warning: TICKET_WEBHOOK_SECRET is"),
}


@pytest.mark.parametrize(("url", "change", "sentence"), WRONG_WEBHOOK.values(), ids=WRONG_WEBHOOK.keys())
async def test_each_wrong_webhook_has_its_sentence(url: str, change: dict[str, str], sentence: str) -> None:
    assert sentence in await webhook(url, **change)


BROKEN_WAYS = {
    "a webhook without a scheme or a secret": {"TICKET_WEBHOOK_URL": "desk.acme.example/tickets"},
    "a webhook without a secret": {"TICKET_WEBHOOK_URL": "http://127.0.0.1:9/"},
    "mail to nobody": {"TICKET_SMTP_URL": "smtp://127.0.0.1:9"},
}


@pytest.mark.parametrize("variables", BROKEN_WAYS.values(), ids=BROKEN_WAYS.keys())
async def test_a_way_that_is_set_and_broken_is_not_called_missing(variables: dict[str, str]) -> None:
    """Doctor said "Set TICKET_WEBHOOK_URL" to whoever had set it."""
    around = surroundings(variables)
    found = said([*await check_webhook(around), *await check_mail(around)])
    assert "nowhere to go" not in found
    assert "problem: TICKET_" in found or "problem: Nothing listens at TICKET_WEBHOOK_URL" in found


async def test_with_neither_it_is_said_where_callers_are_sent() -> None:
    assert "warning: Tickets have nowhere to go" in said(await check_webhook(surroundings({})))
