"""WS /v1/stream/stt: audio in, words out.

Client: `{"type":"start","segment":str,"sample_rate":16000}`, then binary signed 16-bit mono as it comes, then
`{"type":"flush"}` for the final words of the segment. `{"type":"partial"}` asks for the words so far,
`{"type": "cancel","segment"}` takes back what is not yet being worked on. Without a start the segments are
numbered. A start may hold a `"draft"`: the `tokens` of what was recognised of the beginning of the same audio, with
which it takes half the time. Server:
`{"type":"partial"|"final","segment","text","audio_s","compute_ms","confidence","level_dbfs","tokens"}`, or
`{"type":"error","segment","code","detail"}`.
"""

from dataclasses import asdict, dataclass, field

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from insta_voice.errors import InstaVoiceError, InvalidInputError
from insta_voice.voice.local.limits import check_audio, check_draft
from insta_voice.voice.local.moonshine import SAMPLE_RATE
from insta_voice.voice.local.recognition import recognize_segment
from insta_voice.voice.local.serve_socket import Line, Message
from insta_voice.voice.local.state import SpeechState
from insta_voice.voice.local.work import Priority


@dataclass(slots=True)
class _Segment:
    name: str
    sample_rate: int = SAMPLE_RATE
    draft: tuple[int, ...] = ()
    pcm: bytearray = field(default_factory=bytearray)
    partials: int = 0


def stt_routes(state: SpeechState) -> APIRouter:
    """The route, on `state`'s models and threads."""
    router = APIRouter()

    @router.websocket("/v1/stream/stt")
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        listener = _Listener(state, Line(socket))
        try:
            await listener.listen()
        except WebSocketDisconnect:
            pass
        finally:
            await listener.line.close()

    return router


class _Listener:
    def __init__(self, state: SpeechState, line: Line) -> None:
        self._state = state
        self.line = line
        self._count = 0
        self._segment = _Segment("0")

    async def listen(self) -> None:
        while True:
            try:
                message = await self.line.receive()
                if message is None:
                    return
                if isinstance(message, bytes):
                    check_audio(len(self._segment.pcm) + len(message), self._segment.sample_rate)
                    self._segment.pcm += message
                else:
                    self._control(message)
            except InstaVoiceError as error:
                await self.line.refuse(error, segment=self._segment.name)

    def _control(self, message: Message) -> None:
        segment = self._segment
        match message["type"]:
            case "start":
                rate = message.get("sample_rate", SAMPLE_RATE)
                if not isinstance(rate, int):
                    raise InvalidInputError("The sample rate must be a whole number.")
                check_audio(0, rate)
                draft = check_draft(message.get("draft", []))
                self._segment = _Segment(str(message.get("segment", self._next_name())), rate, draft)
            case "partial":
                segment.partials += 1
                name = f"{segment.name} partial {segment.partials}"
                self.line.start(name, self._recognize(segment, bytes(segment.pcm), "partial", Priority.PARTIAL))
            case "flush":
                for number in range(1, segment.partials + 1):  # nobody needs them any more
                    self.line.cancel(f"{segment.name} partial {number}")
                self._segment = _Segment(self._next_name(), segment.sample_rate)
                self.line.start(segment.name, self._recognize(segment, bytes(segment.pcm), "final", Priority.FINAL))
            case "cancel":
                name = str(message.get("segment", segment.name))
                self.line.cancel(name)
                self.line.cancel(f"{name} partial 1")
            case other:
                raise InvalidInputError(f"There is no message of type {other[:40]!r}.")

    def _next_name(self) -> str:
        self._count += 1
        return str(self._count)

    async def _recognize(self, segment: _Segment, pcm: bytes, kind: str, priority: Priority) -> None:
        try:
            moonshine = (await self._state.models_soon()).moonshine
            heard = await self._state.workers.run(
                priority, recognize_segment, moonshine, pcm, segment.sample_rate, segment.draft
            )
        except InstaVoiceError as error:
            await self.line.refuse(error, segment=segment.name)
        else:
            await self.line.send({"type": kind, "segment": segment.name, **asdict(heard)})
