"""What a client may ask of a session, event by event, and what OpenAI answers."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError
from tests.support.openai.checked import CLIENT_EVENTS, Json, new_id, unknown_fields
from tests.support.openai.realtime.config import merge
from tests.support.openai.realtime.conversation import Item, Rejected
from tests.support.openai.sound import as_wav, duration_ms
from tests.support.openai.tokens import CALLER_MS_PER_TOKEN, text_tokens

if TYPE_CHECKING:
    from tests.support.openai.realtime.session import Session

_LONGEST_ID = 32  # characters, of an item and of a call


def well_formed(event: Json) -> Json:
    """`event`, unless OpenAI would not take it: an unknown type or field, or a value of another kind."""
    kind = event.get("type", "")
    if kind not in CLIENT_EVENTS:
        raise Rejected("invalid_value", f"Invalid value: '{kind}'.", "type")
    try:
        parsed = CLIENT_EVENTS[kind].model_validate(event)
    except ValidationError as error:
        first = error.errors()[0]
        raise Rejected("invalid_value", first["msg"], ".".join(map(str, first["loc"]))) from error
    for name in unknown_fields(parsed):
        raise Rejected("unknown_parameter", f"Unknown parameter: '{name}'.", name)
    return event


class Orders:
    """Carries them out for one session."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._by_type: dict[str, Callable[[Json], Awaitable[None]]] = {
            "session.update": self._update,
            "conversation.item.create": self._create_item,
            "conversation.item.delete": self._delete_item,
            "conversation.item.truncate": self._truncate_item,
            "conversation.item.retrieve": self._retrieve_item,
            "input_audio_buffer.append": self._append,
            "input_audio_buffer.commit": self._commit,
            "input_audio_buffer.clear": self._clear,
            "response.create": self._respond,
            "response.cancel": self._cancel,
        }

    async def take(self, event: Json) -> None:
        """Do what `event` asks for. Rejected when OpenAI would answer with an error."""
        await self._by_type[well_formed(event)["type"]](event)

    async def _update(self, event: Json) -> None:
        merge(self._session.config, event["session"])
        await self._session.send("session.updated", session=self._session.config)

    async def _create_item(self, event: Json) -> None:
        body = {"id": new_id("item"), **event["item"], "object": "realtime.item", "status": "completed"}
        for name in ("id", "call_id"):
            if len(body.get(name) or "") > _LONGEST_ID:
                problem = f"Invalid 'item.{name}': string too long. Expected at most {_LONGEST_ID} characters."
                raise Rejected("string_above_max_length", problem, f"item.{name}")
        if body["type"] == "function_call_output" and not self._session.conversation.has_call(body["call_id"]):
            problem = f"Tool call ID '{body['call_id']}' not found in conversation."
            raise Rejected("invalid_tool_call_id", problem)
        await self._insert(Item(body), event.get("previous_item_id"))

    async def _insert(self, item: Item, after: str | None = None) -> None:
        placed = {"previous_item_id": self._session.conversation.insert(item, after), "item": item.body}
        await self._session.send("conversation.item.added", **placed)
        await self._session.send("conversation.item.done", **placed)

    async def _delete_item(self, event: Json) -> None:
        self._session.conversation.delete(event["item_id"])
        await self._session.send("conversation.item.deleted", item_id=event["item_id"])

    async def _truncate_item(self, event: Json) -> None:
        self._session.conversation.truncate(event["item_id"], event["audio_end_ms"])
        fields = {name: event[name] for name in ("item_id", "content_index", "audio_end_ms")}
        await self._session.send("conversation.item.truncated", **fields)

    async def _retrieve_item(self, event: Json) -> None:
        item = self._session.conversation.find(event["item_id"], "item_retrieve_invalid_item_id")
        await self._session.send("conversation.item.retrieved", item=item.body)

    async def _append(self, event: Json) -> None:
        microphone, detection = self._session.microphone, self._session.turn_detection
        for what in microphone.append(event["audio"], detection):
            assert detection is not None, "the microphone notices nothing without it"
            if what == "started":
                self._session.turn_item = new_id("item")
                fields = {"audio_start_ms": microphone.heard_ms, "item_id": self._session.turn_item}
                await self._session.send("input_audio_buffer.speech_started", **fields)
                if detection.get("interrupt_response") is not False and self._session.active:
                    await self._session.active.cancel("turn_detected")
            else:
                fields = {"audio_end_ms": microphone.heard_ms, "item_id": self._session.turn_item}
                await self._session.send("input_audio_buffer.speech_stopped", **fields)
                await self._turn(self._session.turn_item)
                if detection.get("create_response") is not False:
                    self._session.respond({})

    async def _commit(self, event: Json) -> None:
        await self._turn(new_id("item"))

    async def _turn(self, item_id: str) -> None:
        session = self._session
        recorded = session.microphone.take()
        lasts_ms = duration_ms(recorded)
        last = session.conversation.items[-1].id if session.conversation.items else None
        await session.send("input_audio_buffer.committed", item_id=item_id, previous_item_id=last)
        body = {"id": item_id, "object": "realtime.item", "type": "message", "status": "completed", "role": "user"}
        content = [{"type": "input_audio", "transcript": None}]
        item = Item({**body, "content": content}, audio_ms=lasts_ms)
        await self._insert(item)
        item.heard = await session.openai.heard(as_wav(recorded))
        if session.config["audio"]["input"]["transcription"]:
            if session.openai.transcribed_after_s:
                session.later(session.openai.transcribed_after_s, self._transcribed(item, lasts_ms))
            else:
                await self._transcribed(item, lasts_ms)

    async def _transcribed(self, item: Item, lasts_ms: int) -> None:
        asked, said = lasts_ms // CALLER_MS_PER_TOKEN, text_tokens(item.heard)
        about = {"item_id": item.id, "content_index": 0}
        usage = {"type": "tokens", "input_tokens": asked, "output_tokens": said, "total_tokens": asked + said}
        kind = "conversation.item.input_audio_transcription"
        await self._session.send(f"{kind}.delta", **about, delta=item.heard)
        await self._session.send(f"{kind}.completed", **about, transcript=item.heard, usage=usage)

    async def _clear(self, event: Json) -> None:
        self._session.microphone.clear()
        await self._session.send("input_audio_buffer.cleared")

    async def _respond(self, event: Json) -> None:
        self._session.respond(event.get("response") or {})

    async def _cancel(self, event: Json) -> None:
        active = self._session.active
        if active is None or event.get("response_id") not in (None, active.id):
            raise Rejected("response_cancel_not_active", "Cancellation failed: no active response found")
        await active.cancel("client_cancelled")
