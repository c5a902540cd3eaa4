"""Sign-in: the Firebase project, the page's key, who may use it from where, and how tokens are checked."""

import asyncio
import re
from typing import Any, Final
from urllib.parse import urlsplit

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.command import command
from insta_voice.doctor.answers import WHY, Answer, ask
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.stack.demo_content import wanted_demo

PART: Final = "sign-in"
PROJECT_ID: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")  # Google Cloud's rule for project ids
WEB_KEY: Final = re.compile(r"AIza[\w-]{35}")  # every Google API key
NOBODY: Final = {"email": "doctor@insta-voice.invalid", "password": "not-a-password", "returnSecureToken": True}
CONSOLE: Final = "in Firebase's console"


async def check_sign_in(surroundings: Surroundings) -> list[Finding]:
    """The project or the emulator, by what the settings name."""
    firebase = surroundings.settings.firebase
    emulator = f"http://{firebase.auth_emulator_host}" if firebase.auth_emulator_host else None
    if emulator is None and firebase.project_id is None:
        emulator = surroundings.up.auth_emulator if surroundings.up else None
        if emulator is None:
            return [ok(PART, f"No Firebase project is set: {command('up')} starts the sign-in emulator.")]
    if emulator:
        return await _emulator(emulator, with_demo=wanted_demo(surroundings.settings).people)
    found = _form(surroundings)
    if firebase.web_api_key:
        found += await _project(surroundings, firebase.web_api_key)
    return found


async def _emulator(address: str, *, with_demo: bool) -> list[Finding]:
    answer = await ask("GET", address, here=True)
    if answer.status == 200:
        if with_demo:
            return [
                ok(PART, f"The sign-in emulator answers; it has {len(DEMO_USERS)} demo users and keeps who signs up.")
            ]
        return [ok(PART, "The sign-in emulator answers; people sign up on the page.")]
    return [
        problem(
            PART,
            "The sign-in emulator does not answer.",
            f"Start it, or let {command('up')} do so: remove FIREBASE_AUTH_EMULATOR_HOST.",
        )
    ]


def _form(surroundings: Surroundings) -> list[Finding]:
    firebase, found = surroundings.settings.firebase, []
    project = firebase.project_id or ""
    if project.isdigit():
        found.append(
            problem(
                PART,
                "FIREBASE_PROJECT_ID is the project's number, not its id: every sign-in would be refused.",
                f"Copy the project id from Project settings, General, {CONSOLE}.",
            )
        )
    elif not PROJECT_ID.fullmatch(project):
        found.append(
            problem(
                PART,
                f"FIREBASE_PROJECT_ID cannot be {project!r}: ids have small letters, digits and hyphens.",
                f"Copy the project id from Project settings, General, {CONSOLE}.",
            )
        )
    if firebase.web_api_key and not WEB_KEY.fullmatch(firebase.web_api_key):
        found.append(
            warning(
                PART,
                "FIREBASE_WEB_API_KEY does not look like one: they begin with AIza and have 39 characters.",
                f"Copy apiKey from Project settings, General, Your apps, {CONSOLE}.",
            )
        )
    return found


async def _project(surroundings: Surroundings, key: str) -> list[Finding]:
    base = f"{surroundings.outside.identity_toolkit}/v1"
    config, password, google = await asyncio.gather(
        ask("GET", f"{base}/projects", params={"key": key}),
        ask("POST", f"{base}/accounts:signInWithPassword", params={"key": key}, json=NOBODY),
        ask(
            "POST",
            f"{base}/accounts:createAuthUri",
            params={"key": key},
            json={"providerId": "google.com", "continueUri": surroundings.page_url or "http://localhost"},
        ),
    )
    if refusal := _refused(config):
        return [refusal]
    found = [ok(PART, "Firebase answers, and knows the page's key."), *_domains(surroundings, config.body)]
    found += _providers(password, google)
    return found


def _refused(answer: Answer) -> Finding | None:
    """Why Firebase does not take the page's key, or None when it does."""
    said = answer.error_text()
    if answer.silence:
        what, mend = WHY[answer.silence]
        return problem(PART, f"Firebase is not reached: {what}. Nobody could sign in.", mend)
    if answer.status == 200:
        return None
    if "API_KEY_INVALID" in said or "API key not valid" in said:
        return problem(
            PART,
            "Firebase does not know FIREBASE_WEB_API_KEY.",
            f"Copy apiKey from Project settings, General, Your apps, {CONSOLE}.",
        )
    if "REFERRER" in said or "IP_ADDRESS_BLOCKED" in said:
        return warning(
            PART,
            "FIREBASE_WEB_API_KEY is limited to certain web sites, so it cannot be tried from here.",
            "Sign in on the page to see whether it works; its address has to be among the key's sites.",
        )
    if "CONFIGURATION_NOT_FOUND" in said or "SERVICE_DISABLED" in said:
        return problem(
            PART,
            "Authentication is not switched on in the Firebase project.",
            f"Press Get started under Authentication {CONSOLE}, and switch on Google or e-mail with password.",
        )
    return problem(
        PART,
        f"Firebase refuses the page's key (HTTP {answer.status}).",
        f"Compare FIREBASE_WEB_API_KEY with Project settings, General, Your apps, {CONSOLE}.",
    )


def _domains(surroundings: Surroundings, body: Any) -> list[Finding]:
    domains = [str(domain) for domain in body.get("authorizedDomains", ())] if isinstance(body, dict) else []
    project = surroundings.settings.firebase.project_id
    found = []
    if domains and f"{project}.firebaseapp.com" not in domains and f"{project}.web.app" not in domains:
        found.append(
            warning(
                PART,
                "FIREBASE_WEB_API_KEY seems to belong to another project than FIREBASE_PROJECT_ID.",
                "Copy both from the same project: tokens of another one are refused.",
            )
        )
    host = urlsplit(surroundings.page_url or "").hostname
    if domains and host and host not in domains and not any(host.endswith(f".{domain}") for domain in domains):
        found.append(
            problem(
                PART,
                f"{host} is not among the project's authorised domains, so Google's sign-in fails there.",
                f"Add it under Authentication, Settings, Authorised domains, {CONSOLE}.",
            )
        )
    return found


def _providers(password: Answer, google: Answer) -> list[Finding]:
    """Which ways to sign in are open. Both requests are about nobody, and neither makes an account."""
    no_password = any(mark in password.error_text() for mark in ("PASSWORD_LOGIN_DISABLED", "OPERATION_NOT_ALLOWED"))
    no_google = "OPERATION_NOT_ALLOWED" in google.error_text()
    if no_password and no_google:
        return [
            problem(
                PART,
                "Neither Google nor e-mail with password is switched on: nobody could sign in.",
                f"Switch one on under Authentication, Sign-in method, {CONSOLE}.",
            )
        ]
    if no_password or no_google:
        missing = "Google" if no_google else "E-mail with password"
        return [
            warning(
                PART,
                f"{missing} is not switched on in Firebase, although the page offers it.",
                f"Switch it on under Authentication, Sign-in method, {CONSOLE}.",
            )
        ]
    return []
