"""Alive and ready: what a supervisor, a load balancer and the page ask."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from insta_voice.api.readiness import Readiness

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """Whether a call made now would be answered, and if not, why, in one sentence."""

    status: Literal["ready", "warming_up", "unavailable"]
    reason: str | None = Field(None, examples=["The assistant is warming up."])


@router.get("/healthz", operation_id="readHealth", summary="The process answers")
async def read_health() -> Alive:
    """Touches nothing else, so that a busy or broken part elsewhere never restarts this one."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="readReadiness",
    summary="A call made now would be answered",
    response_model_exclude_none=True,
    response_model=Ready,
    responses={503: {"model": Ready, "description": "Not yet, or not now; the reason says which part"}},
)
async def read_readiness(request: Request) -> JSONResponse:
    """The database, its migrations, the call server, the agent and the speech server, in this order."""
    readiness: Readiness = request.app.state.readiness
    verdict = await readiness.check()
    body = Ready(status=verdict.status, reason=verdict.reason)
    ready = verdict.status == "ready"
    return JSONResponse(
        body.model_dump(exclude_none=True), 200 if ready else 503, None if ready else {"Retry-After": "2"}
    )
