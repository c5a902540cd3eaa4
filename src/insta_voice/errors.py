"""The error tree: each error carries a code, an HTTP status and whether trying again can help.

An exception's docstring is its message: the sentence a person reads, saying what to do. Pass a sentence of your
own only when it can say more. `detail` is for logs and must hold no personal data.
"""

import inspect
from typing import ClassVar


class InstaVoiceError(Exception):
    """The assistant could not do this. Try again, and if it happens again, look at the log."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None, *, detail: str = "", retry_after_s: float | None = None) -> None:
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        self.detail = detail
        self.retry_after_s = retry_after_s
        super().__init__(self.message)


class ConfigurationError(InstaVoiceError):
    """A setting is missing or unsafe. Compare your .env with .env.example."""

    code = "configuration"


class DBDriverError(InstaVoiceError):
    """The database did not answer. Try again in a moment."""

    code = "database_unavailable"
    status = 503
    retryable = True


class DataRefusedError(DBDriverError):
    """The database does not take these values. Correct them; sending them again changes nothing."""

    code = "data_refused"
    status = 422
    retryable = False


class NotFoundError(InstaVoiceError):
    """There is nothing here, or it is not yours to see."""

    code = "not_found"
    status = 404


class ConflictError(InstaVoiceError):
    """This was changed meanwhile. Look at it again, then repeat what you did."""

    code = "conflict"
    status = 409


class InvalidInputError(InstaVoiceError):
    """This input cannot be read. Correct it and send it again."""

    code = "invalid_input"
    status = 422


class AuthenticationError(InstaVoiceError):
    """Your sign-in is not valid. Sign in again."""

    code = "unauthenticated"
    status = 401


class IdentityUnavailableError(InstaVoiceError):
    """Sign-in cannot be checked right now. Try again in a moment."""

    code = "identity_unavailable"
    status = 503
    retryable = True


class ForbiddenError(InstaVoiceError):
    """Your account may not do this. Ask your administrator."""

    code = "forbidden"
    status = 403


class AccountDisabledError(ForbiddenError):
    """This account is disabled. Contact support to have it opened again."""

    code = "disabled"


class NotKnownError(ForbiddenError):
    """Nobody here knows this account yet. Ask the company's support to add your e-mail address, then sign in again."""

    code = "not_known"


class EmailNotVerifiedError(ForbiddenError):
    """Your e-mail address is not confirmed yet. Open the link in the mail we sent you, then sign in again."""

    code = "email_not_verified"


class RateLimitedError(InstaVoiceError):
    """You have asked too often. Wait a moment, then try again."""

    code = "rate_limited"
    status = 429
    retryable = True


class TooManyTicketsError(InstaVoiceError):
    """This call has left as many tickets as one call may. The team answers those; call again for more."""

    code = "too_many_tickets"
    status = 429


class AtCapacityError(InstaVoiceError):
    """All lines are busy. Try again in a moment."""

    code = "at_capacity"
    status = 503
    retryable = True


class MediaServerError(InstaVoiceError):
    """The call server did not answer. Try again in a moment."""

    code = "media_unavailable"
    status = 503
    retryable = True


class SpeechServerError(InstaVoiceError):
    """The speech server did not answer. It is being restarted; try again in a moment."""

    code = "speech_unavailable"
    status = 503
    retryable = True


class EmbeddingError(InstaVoiceError):
    """The text could not be turned into a vector. Try again in a moment."""

    code = "embedding_unavailable"
    status = 503
    retryable = True


class OutgoingError(InstaVoiceError):
    """The address that is set for this did not answer. Try again in a moment."""

    code = "outgoing_failed"
    status = 502
    retryable = True


class AddressRefusedError(OutgoingError):
    """This address is not asked: it leads where nothing of ours may go."""

    code = "address_refused"
    retryable = False


class AccountUnavailableError(InstaVoiceError):
    """Your account information cannot be reached right now. Try again in a moment."""

    code = "account_unavailable"
    status = 503
    retryable = True


class DeliveryError(InstaVoiceError):
    """The ticket could not be delivered. It is kept and will be tried again."""

    code = "delivery_failed"
    status = 502
    retryable = True
