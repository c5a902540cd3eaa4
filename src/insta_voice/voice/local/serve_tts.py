"""WS /v1/stream/tts: text in, speech out, a piece at a time.

Client: `{"type":"speak","id":str,"text":str,"speed"?:number,"after"?:str,"ahead"?:bool}` (`after`: what was spoken
just before, if this goes on from it; `ahead`: nobody waits for it yet), `{"type":"cancel","id"}`. Server, a piece:
`{"type":"piece","id","start","end","pause_s","audio_s"}` (text[start:end] is what is spoken after `pause_s`
of silence), followed at once by one binary message, signed 16-bit mono at 22,050 Hz. At the end
`{"type":"done","id","cancelled":bool}`, or `{"type":"error","id","code","detail"}`. A cancelled utterance
stops before its next piece.
"""

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from insta_voice.errors import InstaVoiceError, InvalidInputError
from insta_voice.voice.local.limits import check_speed, check_text
from insta_voice.voice.local.piper import SAMPLE_RATE
from insta_voice.voice.local.serve_socket import Line, Message
from insta_voice.voice.local.speaking import speak
from insta_voice.voice.local.state import SpeechState


def tts_routes(state: SpeechState) -> APIRouter:
    """The route, on `state`'s models and threads."""
    router = APIRouter()

    @router.websocket("/v1/stream/tts")
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        line = Line(socket)
        try:
            while (message := await _receive(line)) is not None:
                try:
                    await _control(state, line, message)
                except InstaVoiceError as error:
                    await line.refuse(error, id=message.get("id"))
        except WebSocketDisconnect:
            pass
        finally:
            await line.close()

    return router


async def _receive(line: Line) -> Message | None:
    while True:
        try:
            message = await line.receive()
            if isinstance(message, bytes):
                raise InvalidInputError("This socket takes text, not audio.")
            return message
        except InstaVoiceError as error:
            await line.refuse(error, id=None)


async def _control(state: SpeechState, line: Line, message: Message) -> None:
    name, text, after = message.get("id"), message.get("text", ""), message.get("after", "")
    speed, ahead = message.get("speed", 1.0), message.get("ahead", False)
    if not (isinstance(name, str) and isinstance(text, str) and isinstance(after, str)):
        raise InvalidInputError("The id and the text must be strings.")
    if not isinstance(speed, int | float):
        raise InvalidInputError("The speed must be a number.")
    match message["type"]:
        case "speak":
            line.start(name, _speak(state, line, name, check_text(text), check_speed(speed), after, ahead is True))
        case "cancel":
            if line.cancel(name):
                await line.send({"type": "done", "id": name, "cancelled": True})
        case other:
            raise InvalidInputError(f"There is no message of type {other[:40]!r}.")


async def _speak(state: SpeechState, line: Line, name: str, text: str, speed: float, after: str, ahead: bool) -> None:
    try:
        piper = (await state.models_soon()).piper
        async for piece in speak(piper, state.workers, text, speed=speed, after=after, ahead=ahead):
            about = {
                "type": "piece",
                "id": name,
                "start": piece.start,
                "end": piece.end,
                "pause_s": piece.pause_s,
                "audio_s": piece.samples.size / SAMPLE_RATE,
            }
            await line.send(about, piece.pcm16)
    except InstaVoiceError as error:
        await line.refuse(error, id=name)
    else:
        await line.send({"type": "done", "id": name, "cancelled": False})
