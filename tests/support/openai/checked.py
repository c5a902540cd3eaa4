"""Nothing is sent that the `openai` package does not know: each body and event is held against its own types."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from openai.types.realtime.realtime_session_create_response import RealtimeSessionCreateResponse

Json = dict[str, Any]


class NotOpenAIsError(AssertionError):
    """The kit was about to send what OpenAI never sends."""


def _by_type(union: Any) -> dict[str, type[BaseModel]]:
    models = get_args(get_args(union)[0])
    return {get_args(model.model_fields["type"].annotation)[0]: model for model in models}


SERVER_EVENTS: Final = _by_type(RealtimeServerEvent)
CLIENT_EVENTS: Final = _by_type(RealtimeClientEvent)
_ids = count(1)


def new_id(prefix: str) -> str:
    """An id in OpenAI's form ("item_…"), the same in each run."""
    return f"{prefix}_{next(_ids):09d}"


def checked(model: type[BaseModel], body: Json) -> Json:
    """`body` as it is; NotOpenAIsError when a field is missing, unknown or of another type."""
    try:
        parsed = model.model_validate(body, strict=True)
    except ValidationError as error:
        raise NotOpenAIsError(f"{model.__name__}: {error}") from error
    if unknown := [*unknown_fields(parsed)]:
        raise NotOpenAIsError(f"{model.__name__} has no {', '.join(unknown)}")
    return body


def realtime_event(kind: str, **fields: Any) -> Json:
    """A server's event of the Realtime API, checked."""
    event = {"type": kind, "event_id": new_id("event"), **fields}
    if kind not in SERVER_EVENTS:
        raise NotOpenAIsError(f"no server event is called {kind}")
    if "session" in fields:
        # The package types the session of an event by the request that asks for it; the server adds id and expiry.
        checked(RealtimeSessionCreateResponse, fields["session"])
        checked(SERVER_EVENTS[kind], {**event, "session": {"type": "realtime"}})
        return event
    return checked(SERVER_EVENTS[kind], event)


def unknown_fields(value: object, path: str = "") -> Iterator[str]:
    """Where `value`, a model or a part of one, has fields that its type does not name: "item.colour"."""
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for part in value:
            yield from unknown_fields(part, path)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from unknown_fields(part, path)


class SpeechDelta(BaseModel):
    """`speech.audio.delta` as OpenAI's API description has it; the package has no type for what is streamed here."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["speech.audio.delta"]
    audio: str


class SpeechUsage(BaseModel):
    model_config = ConfigDict(extra="forbid")
    input_tokens: int
    output_tokens: int
    total_tokens: int


class SpeechDone(BaseModel):
    """`speech.audio.done`, from the same description."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["speech.audio.done"]
    usage: SpeechUsage
