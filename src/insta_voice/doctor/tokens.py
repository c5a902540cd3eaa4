"""How sign-ins are checked: Google's certificates, the clock they are judged by, credentials where they are asked."""

import asyncio
import json
import time
from pathlib import Path
from typing import Final

import google.auth
import google.auth.credentials
import google.auth.exceptions
import google.auth.transport.requests
import requests
from google.oauth2 import service_account

from insta_voice.doctor.answers import WHY, ask
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "sign-in"
SKEW_S: Final = 10.0  # auth.id_token.CLOCK_SKEW_S; an HTTP date is exact to one second
SCOPE: Final = "https://www.googleapis.com/auth/identitytoolkit"
FETCH_TIMEOUT_S: Final = 5.0
MEND: Final = (
    "Make a key under Project settings, Service accounts, in Firebase's console, and set "
    "GOOGLE_APPLICATION_CREDENTIALS to its file."
)


async def check_certificates(surroundings: Surroundings) -> list[Finding]:
    """Google's public certificates can be fetched, and our clock agrees with Google's."""
    firebase = surroundings.settings.firebase
    if not firebase.project_id or firebase.auth_emulator_host:
        return []
    answer = await ask("GET", surroundings.outside.certificates)
    now = time.time()
    if answer.silence or answer.status != 200:
        what, mend = WHY[answer.silence] if answer.silence else (f"HTTP {answer.status}", "Try again in a moment.")
        return [problem(PART, f"Google's certificates cannot be fetched ({what}): no sign-in could be checked.", mend)]
    if answer.date_s is not None and abs(now - answer.date_s) > SKEW_S + 1:
        return [
            problem(
                "clock",
                f"This machine's clock is {abs(now - answer.date_s):.0f} s away from Google's: sign-ins are refused.",
                "Switch time synchronisation on: timedatectl set-ntp true",
            )
        ]
    return [ok(PART, "Google's certificates are reached, and the clocks agree.")]


async def check_credentials(surroundings: Surroundings) -> list[Finding]:
    """With FIREBASE_CHECK_REVOKED: the credentials are there, of this project, and Google takes them."""
    settings = surroundings.settings
    if not settings.firebase.check_revoked or settings.firebase.auth_emulator_host:
        return []
    file = settings.google.application_credentials
    if file and (finding := _of_the_file(file.expanduser(), settings.firebase.project_id)):
        return [finding]
    return [await asyncio.to_thread(_try, file.expanduser() if file else None)]


def _of_the_file(file: Path, project: str | None) -> Finding | None:
    try:
        held = json.loads(file.read_text("utf-8"))
        kind, of = held["type"], held.get("project_id", project)
    except OSError as error:
        return problem(PART, f"GOOGLE_APPLICATION_CREDENTIALS cannot be read ({error.strerror}).", MEND)
    except (ValueError, KeyError, TypeError, AttributeError):
        return problem(PART, "GOOGLE_APPLICATION_CREDENTIALS names a file that holds no credentials.", MEND)
    if kind == "service_account" and of != project:
        return warning(
            PART,
            "GOOGLE_APPLICATION_CREDENTIALS belongs to another project than FIREBASE_PROJECT_ID.",
            f"Use one of the same project. {MEND}",
        )
    return None


def _try(file: Path | None) -> Finding:
    """Fetches an access token in the way that firebase-admin does, and forgets it."""
    session = requests.Session()
    transport = google.auth.transport.requests.Request(session=session)
    try:
        credentials = _load(file)
        credentials.refresh(lambda *a, **k: transport(*a, **{**k, "timeout": FETCH_TIMEOUT_S}))  # type: ignore[no-untyped-call]
    except google.auth.exceptions.DefaultCredentialsError:
        return problem(PART, "FIREBASE_CHECK_REVOKED is on, and this machine has no Google credentials.", MEND)
    except google.auth.exceptions.RefreshError:
        return problem(
            PART, "Google does not take these credentials: the key was deleted, or the clock is wrong.", MEND
        )
    except (google.auth.exceptions.GoogleAuthError, ValueError):
        return problem(
            PART, "Google's credentials could not be tried: Google is not reached, or the key is broken.", MEND
        )
    finally:
        session.close()
    return ok(PART, "Google takes the credentials that revoked sign-ins are asked with.")


def _load(file: Path | None) -> google.auth.credentials.Credentials:
    if file and json.loads(file.read_text("utf-8"))["type"] == "service_account":
        found = service_account.Credentials.from_service_account_file(str(file), scopes=[SCOPE])  # type: ignore[no-untyped-call]
    else:  # finds the file of other kinds, and what Google gives its own machines
        found, _ = google.auth.default(scopes=[SCOPE])
    assert isinstance(found, google.auth.credentials.Credentials)
    return found
