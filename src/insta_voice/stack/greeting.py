"""What is said once everything is ready: one address, who may sign in and who may call."""

import sys
from collections.abc import Iterator

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from insta_voice.settings import Settings
from insta_voice.stack.demo_content import DEMO_COMPANY
from insta_voice.stack.logs import LogStream
from insta_voice.stack.up_file import Addresses

_SIGN_UP = "sign up on the page with any e-mail address: the sign-in emulator keeps who did"
_DEMO_PEOPLE = "these people are the demo company's. DEMO_CONTENT=false takes them out"
_ANYONE_HERE = "whoever signs up: the sign-in here is an emulator. SIGNUP=known lets in only whom you named"
_ANYONE_AT_ALL = (
    "whoever signs in to your Firebase project, strangers too, and every call costs you. "
    "SIGNUP=known lets in only whom you named"
)


def greet(log: LogStream, addresses: Addresses, settings: Settings, *, ready_after_s: float) -> None:
    """A panel on a terminal, plain lines otherwise."""
    url = settings.service.public_url or addresses.url
    ready = f"everything is ready ({ready_after_s:.1f} s)."
    notes = list(_notes(addresses, settings))
    if not sys.stdout.isatty():
        log.say("up", ready)
        log.say("up", f"open {url}")
        for login in addresses.demo_users:
            log.say("up", f"sign in as {login.email} with {login.password} ({login.role})")
        for about, note in notes:
            log.say("up", f"{about}: {note}")
        return
    body = Table.grid(padding=(0, 3))
    body.add_row("[bold]Open[/bold]", f"[bold cyan]{url}[/bold cyan]")
    for login in addresses.demo_users:
        body.add_row("Sign in as", f"{login.email}  [dim]password[/dim] {login.password}", f"[dim]{login.role}[/dim]")
    for about, note in notes:
        body.add_row(about.capitalize(), note)
    body.add_row("Stop", "Ctrl-C")
    Console().print(Panel(body, title=f"{settings.company.company_name}: {ready}", expand=False, padding=(1, 2)))


def _notes(addresses: Addresses, settings: Settings) -> Iterator[tuple[str, str]]:
    """What else to know, with what it is about."""
    emulator = bool(addresses.auth_emulator)
    if addresses.demo_users and settings.company.company_name != DEMO_COMPANY:
        yield "demo logins", _DEMO_PEOPLE
    if emulator and not addresses.demo_users:
        yield "sign in", _SIGN_UP
    # The emulator that `up` itself starts stands in what the API is given, not in our own settings.
    if settings.signup.rule(emulator=emulator) == "open":
        yield "may call", _ANYONE_HERE if emulator else _ANYONE_AT_ALL
