"""Puts the application together: routes, errors, headers, counting, and what it holds open while it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from insta_voice.api import articles, config, health, logo, me, metrics, my_data, token, webhooks
from insta_voice.api.body import LimitBody
from insta_voice.api.headers import SecurityHeaders, security_headers
from insta_voice.api.metrics import CountRequests
from insta_voice.api.pages import Page, built_page
from insta_voice.api.problem import Problem, UnexpectedErrors, declared, install_problems
from insta_voice.api.readiness import Readiness
from insta_voice.api.services import Services
from insta_voice.auth.safety import refuse_unsafe
from insta_voice.settings import Settings


def create_app(settings: Settings, *, page: Path | None = None) -> FastAPI:
    """The application; raises ConfigurationError when the settings are unsafe. `page` is the built web page."""
    refuse_unsafe(settings)
    services = Services.build(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await services.open()
        try:
            yield
        finally:
            await services.close()

    app = FastAPI(
        title="Insta Voice Assistant",
        version=version("insta-voice"),
        summary="Join tokens, a customer's own calls, help articles, webhooks and health.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere, which our policy forbids
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.readiness = Readiness(services)
    install_problems(app)
    for noun in (token, me, my_data, articles, config, logo, webhooks, health, metrics):
        app.include_router(noun.router)
    app.mount("/", Page(page or built_page()), name="page")
    _describe_problems(app)
    _wrap(app, services)
    return app


def _wrap(app: FastAPI, services: Services) -> None:
    """Middleware, the innermost first."""
    app.add_middleware(LimitBody)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(CountRequests, metrics=services.metrics)
    if services.settings.service.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(services.settings.service.allowed_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
            allow_credentials=False,  # the sign-in travels in a header; there are no cookies
        )
    app.add_middleware(SecurityHeaders, headers=security_headers(services.settings))


def _describe_problems(app: FastAPI) -> None:
    """Make the OpenAPI document say what is answered: `Problem` everywhere, FastAPI's own error shapes nowhere."""
    generate = app.openapi

    def with_problems() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in document["paths"].values():
            for operation in path.values():
                if "422" in operation["responses"]:
                    operation["responses"]["422"] = declared(422)[422]
        return document

    app.openapi = with_problems  # type: ignore[method-assign]
