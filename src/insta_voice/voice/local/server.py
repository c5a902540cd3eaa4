"""The speech server: one process on loopback that holds the models for all calls.

It answers at once and is ready when the models are warm (`/readyz`). Nothing is stored and nothing that is
heard or said is logged. It has no sign-in: it listens on loopback, and refuses requests that come from a
web page.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from types import FrameType
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from insta_voice.errors import ConfigurationError, ForbiddenError, InstaVoiceError, InvalidInputError
from insta_voice.readiness import keep_saying_alive, notify_ready
from insta_voice.voice.local.limits import MAX_AUDIO_S
from insta_voice.voice.local.models import Models, load_models
from insta_voice.voice.local.serve_openai import openai_routes
from insta_voice.voice.local.serve_stt import stt_routes
from insta_voice.voice.local.serve_tts import tts_routes
from insta_voice.voice.local.state import SpeechState

log = logging.getLogger(__name__)

MAX_BODY_BYTES = int(MAX_AUDIO_S * 48_000 * 2 * 2)  # the longest segment as 48 kHz stereo
STOP_S = 1.0  # what running requests get after SIGTERM; the whole exit stays under 3 s


def create_app(load: Callable[[], Models] = load_models, *, ready: Callable[[], None] = lambda: None) -> FastAPI:
    """The server as an ASGI app; `load` runs on a thread at start-up, `ready` is called when it is done."""
    state = SpeechState()

    async def warm_up() -> None:
        try:
            state.loaded = await asyncio.to_thread(load)
        except Exception as error:
            log.error("the speech models could not be loaded: %s", getattr(error, "message", error))
        else:
            log.info("the models are warm")
            ready()
        finally:
            state.settled.set()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.warming = asyncio.create_task(warm_up(), name="speech-warm-up")
        app.state.alive = asyncio.create_task(keep_saying_alive(), name="speech-say-alive")
        yield
        state.workers.close()

    app = FastAPI(title="Insta Voice speech server", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.speech = state
    for routes in (stt_routes, tts_routes, openai_routes):
        app.include_router(routes(state))

    @app.get("/readyz")
    async def readyz() -> Response:
        if state.loaded is not None:
            return JSONResponse({"status": "ready"})
        status = "unavailable" if state.settled.is_set() else "warming_up"
        reason = "The models could not be loaded: see the log." if state.settled.is_set() else "The models are loading."
        return JSONResponse({"status": status, "reason": reason}, status_code=503)

    @app.exception_handler(InstaVoiceError)
    async def refuse(request: Request, error: InstaVoiceError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def refuse_shape(request: Request, error: RequestValidationError) -> Response:
        fields = sorted({".".join(str(part) for part in each["loc"][1:]) for each in error.errors()})
        return problem(InvalidInputError(f"Correct these fields and send it again: {', '.join(fields)}."))

    @app.middleware("http")
    async def bounded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        length = request.headers.get("content-length", "")
        if request.method == "POST" and (not length.isdigit() or int(length) > MAX_BODY_BYTES):
            return problem(InvalidInputError(f"Send at most {MAX_BODY_BYTES // 1_000_000} MB, with their length."))
        return await answer(request)

    app.add_middleware(NoWebPages)
    return app


class NoWebPages:
    """Refuses what a browser sends on behalf of a page.

    Every such request, HTTP or socket, names an origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == b"origin" for name, _ in scope.get("headers", ())):
            if scope["type"] == "http":
                refusal = problem(ForbiddenError("Web pages may not use the speech server."))
                await refusal(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)


def problem(error: InstaVoiceError) -> Response:
    """RFC 9457 problem+json, with the `error` member that OpenAI's clients read."""
    headers = {"Retry-After": str(round(error.retry_after_s))} if error.retry_after_s else {}
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "error": {"message": error.message, "type": error.code, "code": error.code},
    }
    return JSONResponse(body, error.status, headers, media_type="application/problem+json")


def serve(url: str) -> None:
    """Run until SIGTERM or Ctrl-C on the host and port of `url`. ConfigurationError when it is not usable."""
    address = urlsplit(url)
    if address.scheme != "http" or not address.hostname or not address.port:
        raise ConfigurationError("VOICE_SPEECH_URL must look like http://127.0.0.1:8090 to run a speech server.")
    config = uvicorn.Config(
        create_app(ready=lambda: notify_ready("speech models are warm")),
        host=address.hostname,
        port=address.port,
        ws="websockets-sansio",
        ws_max_size=4_000_000,  # two minutes of 16 kHz audio in one message
        ws_per_message_deflate=False,  # loopback: compressing PCM only costs time
        timeout_graceful_shutdown=int(STOP_S),
        log_config=None,
        access_log=False,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # else a line for each socket
    log.info("listening on %s, loading the models", url)
    # uvicorn stops gracefully and then raises the signal again.
    for asked_to_stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked_to_stop, _exit)
    uvicorn.Server(config).run()


def _exit(signum: int, frame: FrameType | None) -> None:
    """End at once: there is nothing to save, and a model must not be taken down under a thread that runs it."""
    logging.shutdown()
    os._exit(0)
