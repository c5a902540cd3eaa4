"""A signed request over TLS: to the address that was checked, and only to who can prove the name."""

import asyncio
import datetime
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from insta_voice.errors import OutgoingError
from insta_voice.outgoing import Answer, pinned, post_signed

NAME = "accounts.acme.example"


@dataclass
class Receiver:
    """An https server that proves to be NAME; what it was sent, and by which name it was called."""

    port: int = 0
    certificate: str = ""
    names: list[str | None] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[Receiver]:
    certificate, key = _certificate(tmp_path)
    made = Receiver(certificate=str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.sni_callback = lambda connection, name, _: made.names.append(name)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


async def send(receiver: Receiver, name: str = NAME) -> Answer:
    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    return await post_signed(
        f"https://{name}:{receiver.port}/account",
        {"user_id": "uid-1"},
        secret="s3cret",
        timestamp="1700000000",
        timeout_s=5,
        reach="private",
        answer_bytes=100,
        resolver=resolver,
    )


async def test_the_checked_address_is_connected_to_under_its_name(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "_trusted", lambda: ssl.create_default_context(cafile=receiver.certificate))
    answer = await send(receiver)
    assert (answer.status, json.loads(answer.content)) == (200, {})
    assert receiver.names == [NAME]
    assert f"Host: {NAME}:{receiver.port}\r\n" in receiver.heads[0]


async def test_who_cannot_prove_the_name_is_told_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinned, "_trusted", lambda: ssl.create_default_context(cafile=receiver.certificate))
    with pytest.raises(OutgoingError, match="did not answer"):
        await send(receiver, "tickets.acme.example")
    assert receiver.heads == []


async def test_a_certificate_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    with pytest.raises(OutgoingError):
        await send(receiver)
    assert receiver.heads == []
