"""`POST /v1/audio/speech` and `POST /v1/audio/transcriptions`."""

import base64
import io
import wave

from aiohttp import web
from tests.support.openai.answer import Answer
from tests.support.openai.checked import Json, SpeechDelta, SpeechDone, checked
from tests.support.openai.sound import Voice, duration_ms, spoken
from tests.support.openai.tokens import CALLER_MS_PER_TOKEN, MODEL_MS_PER_TOKEN, text_tokens

from openai.types.audio import Transcription


async def speak(answer: Answer, body: Json, voice: Voice) -> web.StreamResponse:
    """Send the sound of `body["input"]`: as events where asked for, else as it is."""
    assert body["response_format"] == "pcm", "the kit speaks pcm only"
    as_events = body.get("stream_format") == "sse"
    await answer.begin("text/event-stream" if as_events else "audio/pcm")
    lasts_ms = 0
    for _, sound in spoken(body["input"], voice):
        lasts_ms += duration_ms(sound)
        if as_events:
            delta = {"type": "speech.audio.delta", "audio": base64.b64encode(sound).decode()}
            await answer.event(checked(SpeechDelta, delta))
        else:
            await answer.piece(sound)
    if as_events:
        asked, said = text_tokens(body["input"]), lasts_ms // MODEL_MS_PER_TOKEN
        usage = {"input_tokens": asked, "output_tokens": said, "total_tokens": asked + said}
        await answer.event(checked(SpeechDone, {"type": "speech.audio.done", "usage": usage}))
    return await answer.end()


async def transcribe(answer: Answer, form: Json, text: str) -> web.StreamResponse:
    """Answer with `text`, and with what hearing the file cost."""
    asked, said = round(form["file_ms"] / CALLER_MS_PER_TOKEN), text_tokens(text)
    usage = {
        "type": "tokens",
        "input_tokens": asked,
        "input_token_details": {"audio_tokens": asked, "text_tokens": 0},
        "output_tokens": said,
        "total_tokens": asked + said,
    }
    return await answer.json(checked(Transcription, {"text": text, "usage": usage}))


async def form_of(request: web.Request) -> Json:
    """The fields of a form; of its WAV the length too, `file_ms`."""
    form: Json = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            form[name] = value.file.read()
            with wave.open(io.BytesIO(form[name])) as sound:
                form["file_ms"] = 1000 * sound.getnframes() // sound.getframerate()
            value.file.close()
        else:
            form[name] = value
    return form
