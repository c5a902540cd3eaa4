"""Tickets reach the team over real sockets: a signed webhook, and mail."""

import asyncio
import email
import email.header
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.support.records import make_call

from insta_voice.calls import Ticket, can_deliver, deliver_ticket, get_ticket, open_ticket
from insta_voice.db import Database
from insta_voice.errors import DeliveryError
from insta_voice.jobs.tasks import deliver_ticket as bring
from insta_voice.settings import Settings

TICKET = Ticket(
    UUID(int=1), UUID(int=2), "maya", "k", "Bitte zurückrufen", "Asked “why?”", datetime(2026, 11, 22, tzinfo=UTC), None
)  # fmt: skip


@asynccontextmanager
async def http_server(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that gives one answer to everything and keeps what it was sent."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        received.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], received


def with_webhook(monkeypatch: pytest.MonkeyPatch, url: str, env: str = "development") -> Settings:
    monkeypatch.setenv("INSTA_ENV", env)
    monkeypatch.setenv("TICKET_WEBHOOK_URL", url)
    monkeypatch.setenv("TICKET_WEBHOOK_SECRET", "s3cret")
    return Settings()


async def test_a_webhook_is_signed_so_that_its_receiver_can_check_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with http_server(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, received):
        settings = with_webhook(monkeypatch, f"http://localhost:{port}/hook?a=b")
        assert can_deliver(settings)
        await deliver_ticket(settings, TICKET, "webhook", clock=lambda: 1700000000.9)
    (request,) = received
    head, body = request.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    assert lines[0] == "POST /hook?a=b HTTP/1.1"
    assert headers["host"] == f"localhost:{port}"
    assert headers["x-insta-timestamp"] == "1700000000"
    expected = hmac.new(b"s3cret", b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["x-insta-signature"] == f"sha256={expected}"
    assert json.loads(body) == {
        "ticket_id": str(TICKET.ticket_id),
        "call_id": str(TICKET.call_id),
        "user_id": "maya",
        "subject": "Bitte zurückrufen",
        "briefing": "Asked “why?”",
        "created_at": "2026-11-22T00:00:00+00:00",
    }


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
async def test_anything_but_success_is_a_failure_and_no_redirect_is_followed(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    async with http_server(answer) as (port, received):
        settings = with_webhook(monkeypatch, f"http://127.0.0.1:{port}/")
        with pytest.raises(DeliveryError):
            await deliver_ticket(settings, TICKET, "webhook")
    assert len(received) == 1


async def test_in_production_this_machine_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    async with http_server(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, received):
        settings = with_webhook(monkeypatch, f"http://127.0.0.1:{port}/", env="production")
        with pytest.raises(DeliveryError):
            await deliver_ticket(settings, TICKET, "webhook")
    assert received == []


async def test_without_anywhere_to_go_it_is_said() -> None:
    assert not can_deliver(Settings())


@asynccontextmanager
async def smtp_server(refuse: bool = False) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Enough of RFC 5321 to take one mail, or to refuse its recipient."""
    mails: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                mails.append(await reader.readuntil(b"\r\n.\r\n"))
            answer = b"550 no\r\n" if refuse and verb == b"RCPT" else b"250 ok\r\n"
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else answer)
            await writer.drain()
            if verb == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], mails


def with_mail(monkeypatch: pytest.MonkeyPatch, port: int) -> Settings:
    monkeypatch.setenv("TICKET_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("TICKET_EMAIL_FROM", "assistant@example.org")
    monkeypatch.setenv("TICKET_EMAIL_TO", "team@example.org")
    return Settings()


async def test_mail_carries_the_briefing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with smtp_server() as (port, mails):
        await deliver_ticket(with_mail(monkeypatch, port), TICKET, "mail")
    (raw,) = mails
    mail = email.message_from_bytes(raw.removesuffix(b".\r\n"))
    assert (mail["From"], mail["To"]) == ("assistant@example.org", "team@example.org")
    subject = email.header.make_header(email.header.decode_header(mail["Subject"]))
    assert str(subject) == "[Tidewater] Bitte zurückrufen"
    assert str(TICKET.ticket_id) in mail["Message-ID"]
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "Asked “why?”" in body.decode()


async def test_mail_refused_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    async with smtp_server(refuse=True) as (port, mails):
        with pytest.raises(DeliveryError):
            await deliver_ticket(with_mail(monkeypatch, port), TICKET, "mail")
    assert mails == []


TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"


async def opened_ticket(db: Database) -> UUID:
    call_id = await make_call(db)
    ticket = await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="…", key="k")
    return ticket.ticket_id


async def test_a_mail_that_fails_does_not_post_the_ticket_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One retry for both posted it up to thirteen times, and a help desk opened as many tickets."""
    ticket_id = await opened_ticket(db)
    async with http_server(TAKEN) as (hook, posted):
        with_webhook(monkeypatch, f"http://127.0.0.1:{hook}/")
        for _ in range(2):
            async with smtp_server(refuse=True) as (port, mails):
                with pytest.raises(DeliveryError):
                    await bring(db, with_mail(monkeypatch, port), ticket_id)
        ticket = await get_ticket(db, ticket_id)
        assert (ticket.delivered_by, ticket.status) == (("webhook",), "open")
        async with smtp_server() as (port, mails):
            for _ in range(2):
                await bring(db, with_mail(monkeypatch, port), ticket_id)
    assert (len(posted), len(mails)) == (1, 1)
    ticket = await get_ticket(db, ticket_id)
    assert (set(ticket.delivered_by), ticket.status) == ({"webhook", "mail"}, "delivered")


async def test_a_webhook_that_fails_keeps_no_mail_waiting(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket_id = await opened_ticket(db)
    async with http_server(BROKEN) as (hook, _), smtp_server() as (port, mails):
        with_webhook(monkeypatch, f"http://127.0.0.1:{hook}/")
        for _ in range(2):
            with pytest.raises(DeliveryError) as failed:
                await bring(db, with_mail(monkeypatch, port), ticket_id)
            assert failed.value.detail == "ticket webhook: HTTP 500"
    assert len(mails) == 1
    assert (await get_ticket(db, ticket_id)).delivered_by == ("mail",)
