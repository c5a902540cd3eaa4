"""The paths that are answered, and the server that answers them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from tests.support.openai import audio, chat, embeddings, models
from tests.support.openai.answer import Answer, refused
from tests.support.openai.checked import Json
from tests.support.openai.faults import Gone
from tests.support.openai.pace import AT_ONCE, Pace
from tests.support.openai.realtime.session import Session
from tests.support.openai.received import Request
from tests.support.openai.refusals import UNAUTHORIZED, Refused
from tests.support.openai.script import Line, Mind
from tests.support.openai.server import ScriptedOpenAI, Where
from tests.support.openai.sound import Ear, Voice, tone
from tests.support.vendors import OPENAI_KEY

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """The endpoints of one server."""

    def __init__(self, openai: ScriptedOpenAI) -> None:
        self._openai = openai

    def app(self) -> web.Application:
        """All of them, behind the key."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/v1/models", self._http("models", self._models)),
                web.post("/v1/embeddings", self._http("embeddings", self._embed)),
                web.post("/v1/audio/speech", self._http("speech", self._speak)),
                web.post("/v1/audio/transcriptions", self._http("transcriptions", self._transcribe)),
                web.post("/v1/chat/completions", self._http("chat", self._chat)),
                web.get("/v1/realtime", self._realtime),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answers with errors where they are asked for, and keeps what the script or the kit did wrong."""
        try:
            if request.headers.get("authorization") != f"Bearer {OPENAI_KEY}":
                raise Refused(UNAUTHORIZED)
            return await handler(request)
        except Refused as error:
            return refused(error.refusal)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as error:
            self._openai.mistakes.append(error)
            raise

    def _http(self, where: Where, answered: Callable[[Answer, Json], Awaitable[web.StreamResponse]]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await self._note(request)
            answer = Answer(request, self._openai.fault(where), self._openai.delta_s)
            try:
                await answer.fault.before(answer)
                return await answered(answer, body)
            except (Gone, ConnectionError):  # cut, or given up by who asked
                return answer.response

        return handle

    async def _note(self, request: web.Request) -> Json:
        if request.content_type == "application/json" and request.can_read_body:
            body = await request.json()
        elif request.content_type == "multipart/form-data":
            body = await audio.form_of(request)
        else:
            body = dict(request.query)
        self._openai.noted(Request(request.path, dict(request.headers), body))
        return body

    async def _models(self, answer: Answer, _: Json) -> web.StreamResponse:
        return await answer.json(models.listed(*self._openai.models))

    async def _embed(self, answer: Answer, body: Json) -> web.StreamResponse:
        return await answer.json(embeddings.vectors(body))

    async def _speak(self, answer: Answer, body: Json) -> web.StreamResponse:
        return await audio.speak(answer, body, self._openai.voice)

    async def _transcribe(self, answer: Answer, form: Json) -> web.StreamResponse:
        return await audio.transcribe(answer, form, await self._openai.heard(form["file"]))

    async def _chat(self, answer: Answer, body: Json) -> web.StreamResponse:
        prompt = chat.prompt_of(body)
        await chat.stream(answer, prompt, self._openai.reply(prompt), self._openai.pace)
        return await answer.end()

    async def _realtime(self, request: web.Request) -> web.StreamResponse:
        await self._note(request)
        return await Session(self._openai, request, self._openai.fault("realtime")).hold()


@asynccontextmanager
async def serving_openai(
    *lines: Line,
    voice: Voice = tone,
    mind: Mind | None = None,
    ear: Ear | None = None,
    delta_s: float = 0.0,
    pace: Pace = AT_ONCE,
    port: int = 0,
) -> AsyncIterator[ScriptedOpenAI]:
    """A server for as long as the block lasts, on a free port where none is named; fails the test when the script or
    the kit was wrong.
    """
    openai = ScriptedOpenAI(*lines, voice=voice, mind=mind, ear=ear, delta_s=delta_s, pace=pace)
    runner = web.AppRunner(Routes(openai).app(), handler_cancellation=True, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    openai.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield openai
    except Exception as error:
        for mistake in openai.mistakes:  # the likely cause, which the client does not know
            error.add_note(f"The kit: {mistake!r}")
        raise
    finally:
        for session in openai.sessions:
            session.cut()
        await runner.cleanup()
    if openai.mistakes:
        raise openai.mistakes[0]
