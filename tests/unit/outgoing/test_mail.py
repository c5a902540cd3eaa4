"""What TICKET_SMTP_URL says: where mail goes, as whom, and how it is kept from being read on the way."""

import pytest

from insta_voice.outgoing import MailServer, mail_server

READ = {
    "smtps://mail.example": MailServer("mail.example", 465, "tls", None, None),
    "smtp://mail.example": MailServer("mail.example", 587, "starttls", None, None),
    "smtp://desk:a%2Fb%40c@mail.example:2525": MailServer("mail.example", 2525, "starttls", "desk", "a/b@c"),
    "smtp://192.0.2.7": MailServer("192.0.2.7", 587, "starttls", None, None),
    "smtp://localhost": MailServer("localhost", 25, "offered", None, None),
    "smtp://127.0.0.2:2525": MailServer("127.0.0.2", 2525, "offered", None, None),
    "smtp://[::1]": MailServer("::1", 25, "offered", None, None),
}


@pytest.mark.parametrize(("address", "server"), READ.items())
def test_an_address_is_read(address: str, server: MailServer) -> None:
    assert mail_server(address) == server


@pytest.mark.parametrize(
    "address",
    ["mail.example", "https://mail.example", "smtp://", "smtp://mail.example:0", "smtp://mail.example:x",
     "smtp://u:a/b@mail.example:587", "smtp://[::1", ""],
)  # fmt: skip
def test_what_is_none(address: str) -> None:
    assert mail_server(address) is None
