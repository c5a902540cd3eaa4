"""A mail server on loopback: RFC 5321 as far as its end of file, STARTTLS and AUTH PLAIN included; it takes no mail."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from tests.support.firebase import SigningKey

# AUTH PLAIN of user "desk" with password "pass word"
RIGHT = b"AGRlc2sAcGFzcyB3b3Jk"


@dataclass
class MailServer:
    """What it was told, verb by verb."""

    port: int
    verbs: list[bytes] = field(default_factory=list)


def untrusted_certificate(folder: Path) -> ssl.SSLContext:
    """A TLS context with a certificate that nobody signed."""
    key = SigningKey()
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_text(pem.decode() + key.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@asynccontextmanager
async def serving_mail(*, hangs_up: bool = False, tls: ssl.SSLContext | None = None) -> AsyncIterator[MailServer]:
    """A running server; with `tls` it speaks nothing else from the start."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not hangs_up:
            await _converse(reader, writer, server)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server = MailServer(listening.sockets[0].getsockname()[1])
    async with listening:
        yield server


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: MailServer) -> None:
    writer.write(b"220 mail.test\r\n")
    while line := await reader.readline():
        verb = line.split()[0].upper()
        server.verbs.append(verb)
        if verb == b"EHLO":
            writer.write(b"250-mail.test\r\n250 AUTH PLAIN\r\n")
        elif verb == b"AUTH":
            writer.write(b"235 welcome\r\n" if line.split()[-1] == RIGHT else b"535 no\r\n")
        else:
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
        await writer.drain()
        if verb == b"QUIT":
            return
