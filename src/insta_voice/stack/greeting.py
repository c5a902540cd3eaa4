"""What is said once everything is ready: one address and who may sign in."""

import sys

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from insta_voice.settings import Settings
from insta_voice.stack.logs import LogStream
from insta_voice.stack.up_file import Addresses

_SIGN_UP = "sign up on the page with any e-mail address: the sign-in emulator knows nobody yet"
_OPEN = "whoever signs up: the sign-in here is an emulator. SIGNUP=known lets in only whom you named"


def greet(log: LogStream, addresses: Addresses, settings: Settings, *, ready_after_s: float) -> None:
    """A panel on a terminal, plain lines otherwise."""
    url = settings.service.public_url or addresses.url
    ready = f"everything is ready ({ready_after_s:.1f} s)."
    if not sys.stdout.isatty():
        log.say("up", ready)
        log.say("up", f"open {url}")
        for login in addresses.demo_users:
            log.say("up", f"sign in as {login.email} with {login.password} ({login.role})")
        if addresses.auth_emulator and not addresses.demo_users:
            log.say("up", _SIGN_UP)
        if settings.signup_rule == "open":
            log.say("up", f"may call: {_OPEN}")
        return
    body = Table.grid(padding=(0, 3))
    body.add_row("[bold]Open[/bold]", f"[bold cyan]{url}[/bold cyan]")
    for login in addresses.demo_users:
        body.add_row("Sign in as", f"{login.email}  [dim]password[/dim] {login.password}", f"[dim]{login.role}[/dim]")
    if addresses.auth_emulator and not addresses.demo_users:
        body.add_row("Sign in", _SIGN_UP)
    if settings.signup_rule == "open":
        body.add_row("May call", _OPEN)
    body.add_row("Stop", "Ctrl-C")
    Console().print(Panel(body, title=f"{settings.company.company_name}: {ready}", expand=False, padding=(1, 2)))
