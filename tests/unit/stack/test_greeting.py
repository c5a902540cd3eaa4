"""What `up` says once everything is ready. It once asked its own settings who may call, where the emulator that it had
started itself does not stand, and called a Firebase project an emulator.
"""

import io
from pathlib import Path

from tests.support.settings import complete_settings

from insta_voice.stack.greeting import greet
from insta_voice.stack.installation import plan_installation
from insta_voice.stack.logs import LogStream
from insta_voice.stack.ports import Ports

EMBEDDED = {
    "INSTA_ENV": "development",
    "DATABASE_URL": None,
    "FIREBASE_PROJECT_ID": None,
    "SIGNUP": None,
    "COMPANY_NAME": None,
    "SUPPORT_CONTACT": None,
}


def said(data_dir: Path, **variables: str | None) -> str:
    """What an installation with these settings is greeted with."""
    settings = complete_settings(**variables)
    installation = plan_installation(settings, data_dir, Ports(data_dir / "ports.json"))
    out = io.StringIO()
    greet(LogStream(out), installation.addresses, settings, ready_after_s=1.0)
    return out.getvalue()


def test_the_emulator_that_was_started_lets_anyone_call_and_it_is_said(tmp_path: Path) -> None:
    text = said(tmp_path, **EMBEDDED)
    assert "may call: whoever signs up: the sign-in here is an emulator" in text
    assert "sign in as maya@tidewater.example" in text
    assert "DEMO_CONTENT" not in text  # the demo company's name is shown: its people are no riddle


def test_an_open_firebase_project_is_no_emulator(tmp_path: Path) -> None:
    text = said(tmp_path, SIGNUP="open")
    assert "may call: whoever signs in to your Firebase project" in text
    assert "emulator" not in text


def test_who_may_call_is_not_said_where_the_company_chooses(tmp_path: Path) -> None:
    assert "may call" not in said(tmp_path, **{**EMBEDDED, "SIGNUP": "known"})
    assert "may call" not in said(tmp_path, SIGNUP=None)


def test_demo_logins_beside_a_company_of_ones_own_are_explained(tmp_path: Path) -> None:
    text = said(tmp_path, **{**EMBEDDED, "COMPANY_NAME": "Acme"})
    assert "sign in as maya@tidewater.example" in text
    assert "DEMO_CONTENT=false takes them out" in text


def test_an_emulator_without_demo_people_is_signed_up_with(tmp_path: Path) -> None:
    text = said(tmp_path, **{**EMBEDDED, "DEMO_CONTENT": "false"})
    assert "sign up on the page with any e-mail address: the sign-in emulator keeps who did" in text
    assert "takes them out" not in text
