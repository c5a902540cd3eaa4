"""The OpenAI audio and embeddings API, thin over the same models, for other programs.

Shapes: https://platform.openai.com/docs/api-reference. Speech comes as wav (default) or pcm (24 kHz as OpenAI
defines it, streamed); mp3, opus, aac and flac are refused with a sentence.
"""

import base64
from collections.abc import AsyncIterator
from typing import Any, Literal

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from insta_voice.errors import InvalidInputError
from insta_voice.voice.local.audio import resample, to_pcm16
from insta_voice.voice.local.limits import (
    MAX_EMBED_CHARS,
    MAX_EMBED_TEXTS,
    check_audio,
    check_speed,
    check_text,
)
from insta_voice.voice.local.moonshine import Moonshine
from insta_voice.voice.local.multipart import parse_form
from insta_voice.voice.local.piper import SAMPLE_RATE, Piper
from insta_voice.voice.local.recognition import recognize_segment
from insta_voice.voice.local.speaking import speak
from insta_voice.voice.local.state import SpeechState
from insta_voice.voice.local.text_vectors import DIMENSIONS
from insta_voice.voice.local.text_vectors import MODEL as EMBEDDING_MODEL
from insta_voice.voice.local.wav import read_wav, write_wav
from insta_voice.voice.local.work import Priority

OPENAI_PCM_HZ = 24_000


class SpeechRequest(BaseModel):
    """POST /v1/audio/speech. There is one voice and one model: their names are not looked at."""

    input: str
    model: str = Piper.model
    voice: Any = None
    response_format: str = "wav"
    speed: float = 1.0


class EmbeddingsRequest(BaseModel):
    """POST /v1/embeddings."""

    input: str | list[str]
    model: str = EMBEDDING_MODEL
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, description=f"{DIMENSIONS} or nothing")


def openai_routes(state: SpeechState) -> APIRouter:
    """The routes, on `state`'s models and threads."""
    router = APIRouter(prefix="/v1")

    @router.get("/models")
    async def models() -> dict[str, object]:
        names = (Moonshine.model, Piper.model, EMBEDDING_MODEL)
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "created": 0, "owned_by": "insta-voice"} for name in names],
        }

    @router.post("/audio/transcriptions")
    async def transcriptions(request: Request) -> Response:
        form = parse_form(request.headers.get("content-type", ""), await request.body())
        if "file" not in form:
            raise InvalidInputError("Send the audio in a form field called file.")
        pcm, sample_rate = read_wav(form["file"])
        check_audio(len(pcm), sample_rate)
        heard = await state.workers.run(Priority.FINAL, recognize_segment, state.models.moonshine, pcm, sample_rate)
        match form.get("response_format", b"json"):
            case b"json":
                return JSONResponse({"text": heard.text})
            case b"verbose_json":
                return JSONResponse({"text": heard.text, "language": "english", "duration": heard.audio_s})
            case b"text":
                return PlainTextResponse(heard.text)
        raise InvalidInputError("The response_format must be json, verbose_json or text.")

    @router.post("/audio/speech")
    async def speech(wanted: SpeechRequest) -> Response:
        text, speed = check_text(wanted.input), check_speed(wanted.speed)
        pieces = speak(state.models.piper, state.workers, text, speed=speed)
        if wanted.response_format == "wav":
            pcm = b"".join([piece.pcm16 async for piece in pieces])
            return Response(write_wav(pcm, SAMPLE_RATE), media_type="audio/wav")
        if wanted.response_format != "pcm":
            raise InvalidInputError("The response_format must be wav or pcm.")

        async def pcm_24_khz() -> AsyncIterator[bytes]:
            async for piece in pieces:
                yield to_pcm16(resample(piece.samples, SAMPLE_RATE, OPENAI_PCM_HZ))

        return StreamingResponse(pcm_24_khz(), media_type="audio/pcm")

    @router.post("/embeddings")
    async def embeddings(wanted: EmbeddingsRequest) -> dict[str, object]:
        texts = [wanted.input] if isinstance(wanted.input, str) else wanted.input
        if not 0 < len(texts) <= MAX_EMBED_TEXTS:
            raise InvalidInputError(f"Send from 1 to {MAX_EMBED_TEXTS} texts at a time.")
        model = state.models.text_vectors
        if wanted.dimensions not in (None, model.dimensions):
            raise InvalidInputError(f"The vectors have {model.dimensions} dimensions.")
        texts = [text[:MAX_EMBED_CHARS] for text in texts]
        # A question comes alone; several texts at once are ingestion, one piece of work each, on one core.
        if len(texts) == 1:
            vectors = [await state.workers.run(Priority.QUESTION, model.embed_question, texts[0])]
        else:
            vectors = [(await state.workers.run(Priority.BULK, model.embed, [text]))[0] for text in texts]
        data = [
            {"object": "embedding", "index": index, "embedding": _encoded(vector, wanted.encoding_format)}
            for index, vector in enumerate(vectors)
        ]
        tokens = sum(model.count_tokens(text) for text in texts)
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": EMBEDDING_MODEL, "data": data, "usage": usage}

    return router


def _encoded(vector: list[float], encoding: str) -> list[float] | str:
    if encoding == "float":
        return vector
    return base64.b64encode(np.array(vector, dtype="<f4").tobytes()).decode()
