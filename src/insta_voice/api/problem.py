"""Errors as problem+json (RFC 9457): one sentence that says what to do, and nothing about how we are built."""

import logging
import math
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insta_voice.errors import InstaVoiceError, InvalidInputError

log = logging.getLogger(__name__)

RETRY_AFTER_S: Final = 2  # for errors that pass and name no time themselves: a restarted part is back by then
MEDIA_TYPE: Final = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, for the person (`detail`) and for the program (`code`)."""

    type: str = Field(examples=["urn:insta-voice:rate_limited"])
    title: str = Field(examples=["Too Many Requests"])
    status: int = Field(examples=[429])
    detail: str = Field(examples=["You have asked too often. Wait a moment, then try again."])
    code: str = Field(examples=["rate_limited"])


# What the framework itself refuses: code and sentence by status.
_REFUSALS: Final = {
    404: ("not_found", "There is nothing here, or it is not yours to see."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "This request is too large."),
}


def problem_response(
    status: int, detail: str, code: str, *, retry_after_s: float | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem+json answer; `detail` is the sentence a person reads."""
    problem = Problem(
        type=f"urn:insta-voice:{code}", title=HTTPStatus(status).phrase, status=status, detail=detail, code=code
    )
    extra = dict(headers or {})
    if retry_after_s is not None:
        extra["Retry-After"] = str(max(1, math.ceil(retry_after_s)))
    if status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.model_dump(), status, extra, media_type=MEDIA_TYPE)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems, for the OpenAPI document."""
    retry = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": schema,
            **({"headers": retry} if status in (429, 503) else {}),
        }
        for status in statuses
    }


async def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InstaVoiceError)
    if error.status >= 500:
        log.warning("%s: %s", error.code, error.detail or type(error).__name__)
    retry_after_s = error.retry_after_s
    if retry_after_s is None and error.retryable:
        retry_after_s = RETRY_AFTER_S
    return problem_response(error.status, error.message, error.code, retry_after_s=retry_after_s)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's answer to a body that is not even text
        return await _invalid(request, error)
    code, sentence = _REFUSALS.get(error.status_code, ("refused", "This request was refused."))
    return problem_response(error.status_code, sentence, code, headers=dict(error.headers or {}))


async def _invalid(_: Request, __: Exception) -> JSONResponse:
    error = InvalidInputError()  # what was wrong with which field would echo what was sent
    return problem_response(error.status, error.message, error.code)


def install_problems(app: FastAPI) -> None:
    """Turn every error of the app into problem+json, and put `Problem` into its OpenAPI document."""
    app.add_exception_handler(InstaVoiceError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


class UnexpectedErrors:
    """Middleware: an error nobody foresaw is logged here and answered with one sentence, headers and all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def observed(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            log.exception("unexpected error in %s", scope.get("method"))
            error = InstaVoiceError()
            await problem_response(error.status, error.message, error.code)(scope, receive, send)
