"""What operators count: requests by route and outcome, tokens by outcome, and how long callers waited for answers.
Labels come from our code, never from a request, so there is no personal data in them and their number is bounded."""

import time
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insta_voice.api.heard import HeardAnswers
from insta_voice.db import Database

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
# A token takes 5 to 20 ms; a database that is away answers after DATABASE_CONNECT_TIMEOUT_S, 5 s by default.
_BUCKETS_S: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One application's numbers, in a registry of their own."""

    def __init__(self, db: Database) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.heard = HeardAnswers(db)
        self.registry.register(self.heard)
        self.requests = Counter(
            "insta_http_requests",
            "HTTP requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.duration = Histogram(
            "insta_http_request_duration_seconds",
            "Time to the end of an answer",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.tokens = Counter(
            "insta_token_requests", "Join tokens asked for, by outcome", ("outcome",), registry=self.registry
        )


class CountRequests:
    """Middleware: counts each request under the route that answered it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            route = _route(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.duration.labels(route).observe(time.perf_counter() - started)


def _route(scope: Scope) -> str:
    """The template of the route (`/api/me/calls/{call_id}`), or `page` for everything the web page answers."""
    template = getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) and template else "page"


router = APIRouter(tags=["operation"])


@router.get("/metrics", operation_id="readMetrics", response_class=Response, summary="Prometheus metrics")
async def read_metrics(request: Request) -> Response:
    """Counters and histograms in Prometheus's text format. While the database is away, without what the record says."""
    metrics: Metrics = request.app.state.services.metrics
    await metrics.heard.read()
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
