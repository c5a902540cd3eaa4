"""Google's and OpenAI's services for tests: the few requests that doctor makes, answered as the vendors answer them.

Error bodies are theirs, shortened. Sources: Identity Toolkit's REST reference and google.rpc.ErrorInfo for Firebase,
platform.openai.com/docs/guides/error-codes for OpenAI.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import LoopbackServer, Request

Reply = tuple[int, Any]
WEB_KEY = "AIza" + "k" * 35
OPENAI_KEY = "sk-of-the-test"


class Vendor(LoopbackServer):
    """A server on loopback. `replies` maps a path to what is answered; its clock is `ahead_s` ahead of ours."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies = replies
        self.asked: list[str] = []
        self.ahead_s = 0.0
        vendor = self

        class Asked(Request):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                path = urlsplit(self.path).path
                vendor.asked.append(path)
                status, body = vendor.reply(path, self)
                self.send(json.dumps(body).encode(), status)

            do_GET = do_POST = answer

            def date_time_string(self, timestamp: float | None = None) -> str:
                return formatdate(time.time() + vendor.ahead_s, usegmt=True)

        super().__init__(Asked)
        self.url = f"http://{self.host}"

    def reply(self, path: str, request: Request) -> Reply:
        """What is answered to a request."""
        return self.replies.get(path, (404, {"error": {"message": "Not found"}}))


def google_error(status: int, message: str, reason: str = "") -> Reply:
    """An error as Google's APIs say it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return status, {"error": {"code": status, "message": message, "details": details}}


class Firebase(Vendor):
    """Identity Toolkit of one project, and Google's certificates at /certs."""

    def __init__(self, project_id: str = "insta-voice-test", *domains: str) -> None:
        super().__init__(
            {
                "/certs": (200, {}),
                "/v1/projects": (
                    200,
                    {
                        "projectId": "1234567",
                        "authorizedDomains": ["localhost", f"{project_id}.firebaseapp.com", *domains],
                    },
                ),
                "/v1/accounts:signInWithPassword": google_error(400, "INVALID_LOGIN_CREDENTIALS"),
                "/v1/accounts:createAuthUri": (200, {"authUri": "https://accounts.google.com/o/oauth2/auth"}),
            }
        )

    def reply(self, path: str, request: Request) -> Reply:
        key = parse_qs(urlsplit(request.path).query).get("key", [""])[0]
        if path != "/certs" and key != WEB_KEY:
            return google_error(400, "API key not valid. Please pass a valid API key.", "API_KEY_INVALID")
        return super().reply(path, request)


class OpenAI(Vendor):
    """Models and embeddings for one key."""

    def __init__(self, *models: str) -> None:
        super().__init__(
            {
                "/v1/models": (200, {"object": "list", "data": [{"id": model} for model in models]}),
                "/v1/embeddings": (200, {"data": [{"embedding": [0.0]}]}),
            }
        )

    def reply(self, path: str, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {OPENAI_KEY}":
            return 401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
        return super().reply(path, request)


@contextmanager
def serving(*vendors: Vendor) -> Iterator[None]:
    """They serve for as long as the block lasts."""
    try:
        yield
    finally:
        for vendor in vendors:
            vendor.close()
