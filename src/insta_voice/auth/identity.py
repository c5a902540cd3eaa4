"""Firebase ID tokens: which person holds this one, checked by firebase-admin and a little more strictly."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

import firebase_admin
import google.auth.credentials
import google.auth.exceptions
from firebase_admin import auth, credentials, exceptions

from insta_voice.auth.id_token import CLOCK_SKEW_S, Identity, identity_of, refuse_malformed
from insta_voice.errors import (
    AccountDisabledError,
    AuthenticationError,
    ConfigurationError,
    IdentityUnavailableError,
    InstaVoiceError,
)
from insta_voice.settings import FirebaseSettings

THREADS: Final = 2  # a verification takes about 0.3 ms; only the hourly fetch of certificates waits
FETCH_TIMEOUT_S: Final = 4.0  # one request to Google, so that an answer is given within VERIFY_TIMEOUT_S
VERIFY_TIMEOUT_S: Final = 8.0
ASKERS: Final = 8  # threads that ask Google about a person, 50 to 200 ms each; of their own, because Google can be slow
ASK_TIMEOUT_S: Final = 4.0
EMULATOR_VARIABLE: Final = "FIREBASE_AUTH_EMULATOR_HOST"  # read by firebase-admin itself, at each verification


T = TypeVar("T")


class _NoCredentials(credentials.Base):
    """Verification needs Google's public certificates only; nothing of this machine's is sent or looked for."""

    def get_credential(self) -> google.auth.credentials.Credentials:
        return google.auth.credentials.AnonymousCredentials()  # type: ignore[no-untyped-call]


def _credentials(settings: FirebaseSettings) -> credentials.Base:
    """Only the question whether a token was revoked is asked in this installation's name."""
    if settings.check_revoked:
        return credentials.ApplicationDefault()  # type: ignore[no-untyped-call]
    return _NoCredentials()


class IdTokenVerifier:
    """Verifies ID tokens of one Firebase project in threads of its own; certificates stay cached in it.

    Whether a token was revoked is asked in other threads, so that a slow Google keeps back nobody who is only verified.

    While the settings name no emulator, firebase-admin is kept from trusting one by the environment variable it
    reads, because an emulator's tokens are unsigned.
    """

    def __init__(
        self,
        settings: FirebaseSettings,
        *,
        clock: Callable[[], float] = time.time,
        answered_within_s: float = ASK_TIMEOUT_S,
    ) -> None:
        if not settings.project_id:
            raise ConfigurationError("FIREBASE_PROJECT_ID is not set, so no sign-in can be checked. Set it.")
        self._emulator = settings.auth_emulator_host or ""
        self._check_revoked = settings.check_revoked
        self._clock = clock
        self._answered_within_s = answered_within_s
        self._trust_only_the_configured_emulator()
        self._app = firebase_admin.initialize_app(  # type: ignore[no-untyped-call]
            _credentials(settings),
            {"projectId": settings.project_id, "httpTimeout": FETCH_TIMEOUT_S},
            name=f"insta-voice-{uuid4().hex}",
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="id-token")
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="id-token-revoked")

    def _trust_only_the_configured_emulator(self) -> None:
        if self._emulator:
            os.environ[EMULATOR_VARIABLE] = self._emulator
        else:
            os.environ.pop(EMULATOR_VARIABLE, None)

    def close(self) -> None:
        """Let go of the threads and of firebase-admin's app."""
        for threads in (self._threads, self._askers):
            threads.shutdown(wait=False, cancel_futures=True)
        firebase_admin.delete_app(self._app)  # type: ignore[no-untyped-call]

    async def verify(self, token: str) -> Identity:
        """The holder of `token`.

        Raises AuthenticationError when it is not a genuine, current token of the project, AccountDisabledError
        when Firebase says so (with FIREBASE_CHECK_REVOKED), IdentityUnavailableError when it cannot be checked.
        """
        refuse_malformed(token)
        claims = await _result(self._threads, VERIFY_TIMEOUT_S, partial(self._verify, token))
        identity = identity_of(claims, now=self._clock())
        if self._check_revoked:
            asked = partial(self._refuse_revoked, identity.user_id, issued_at=claims["iat"])
            await _result(self._askers, self._answered_within_s, asked)
        return identity

    def _verify(self, token: str) -> Mapping[str, Any]:
        if os.environ.get(EMULATOR_VARIABLE, "") != self._emulator:
            raise IdentityUnavailableError(detail=f"{EMULATOR_VARIABLE} changed while running")
        try:
            claims: Mapping[str, Any] = auth.verify_id_token(  # type: ignore[no-untyped-call]
                token, self._app, clock_skew_seconds=CLOCK_SKEW_S
            )
        except Exception as error:
            raise _translated(error) from error
        return claims

    def _refuse_revoked(self, user_id: str, issued_at: float) -> None:
        try:
            user = auth.get_user(user_id, self._app)  # type: ignore[no-untyped-call]
        except Exception as error:
            raise _translated(error) from error
        if user.disabled:
            raise AccountDisabledError(detail="disabled at Firebase")
        if issued_at * 1000 < user.tokens_valid_after_timestamp:
            raise AuthenticationError("Your sign-in has expired. Sign in again.", detail="revoked")


async def _result(threads: ThreadPoolExecutor, within_s: float, work: Callable[[], T]) -> T:
    """What `work` returns in a thread; IdentityUnavailableError when that takes too long."""
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(threads, work), within_s)
    except TimeoutError as error:
        raise IdentityUnavailableError(detail="verification timed out", retry_after_s=5) from error


def _translated(error: Exception) -> InstaVoiceError:
    """Our error for firebase-admin's; its messages quote the token's claims, so only the kind is kept."""
    kind = type(error).__name__
    if isinstance(error, auth.ExpiredIdTokenError):
        return AuthenticationError("Your sign-in has expired. Sign in again.", detail=kind)
    if isinstance(error, auth.InvalidIdTokenError | auth.UserNotFoundError):
        return AuthenticationError(detail=kind)
    if isinstance(error, exceptions.FirebaseError | google.auth.exceptions.GoogleAuthError | OSError):
        return IdentityUnavailableError(detail=kind, retry_after_s=5)
    # firebase-admin reads the claims before it checks the signature: what breaks it there is a bad token.
    return AuthenticationError(detail=kind)
