"""Errors as answers: the statuses OpenAI refuses with, and their bodies."""

from dataclasses import dataclass

from tests.support.openai.checked import Json
from tests.support.openai.faults import Fault, Wire


class Refused(Exception):
    """An error is the answer."""

    def __init__(self, refusal: "Refusal") -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Refusal(Fault):
    """Answered with an error instead."""

    status: int
    code: str
    message: str
    kind: str = "invalid_request_error"
    retry_after_s: int | None = None

    async def before(self, wire: Wire) -> None:
        raise Refused(self)

    def body(self) -> Json:
        """As OpenAI writes it, under "error"."""
        return {"message": self.message, "type": self.kind, "param": None, "code": self.code}


UNAUTHORIZED = Refusal(401, "invalid_api_key", "Incorrect API key provided: sk-of-th********test.")
NO_QUOTA = Refusal(429, "insufficient_quota", "You exceeded your current quota.", "insufficient_quota")
BROKEN = Refusal(500, "server_error", "The server had an error while processing your request.", "server_error")


def rate_limited(retry_after_s: int = 20) -> Refusal:
    """Too many requests or tokens this minute; 20 s is what three requests a minute ask for."""
    return Refusal(429, "rate_limit_exceeded", "Rate limit reached.", "tokens", retry_after_s)


@dataclass(frozen=True, slots=True)
class Failed(Fault):
    """A Realtime response ends in status "failed" in the middle; a refusal fails one before its first item."""

    why: Refusal = BROKEN
    after: int = 2

    async def during(self, sent: int, wire: Wire) -> None:
        if sent == self.after:
            raise Refused(self.why)
