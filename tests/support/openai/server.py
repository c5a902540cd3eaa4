"""What a test says to the server and reads from it: lines, faults in order, and all that was asked."""

import asyncio
from collections import defaultdict, deque
from typing import Literal, TypedDict

from tests.support.openai.checked import Json
from tests.support.openai.faults import FINE, Fault
from tests.support.openai.pace import AT_ONCE, Pace
from tests.support.openai.realtime.session import Session
from tests.support.openai.received import Prompt, Request
from tests.support.openai.script import Line, Mind, Reply, Script
from tests.support.openai.sound import Ear, Voice, tone
from tests.support.vendors import OPENAI_KEY

Where = Literal["models", "chat", "speech", "transcriptions", "embeddings", "realtime", "response"]
"""An endpoint; "realtime" is the connection, "response" one of its responses."""


class Address(TypedDict):
    base_url: str
    api_key: str


class ScriptedOpenAI:
    """One OpenAI for one key. Its script is what the model says next, in `chat` and in `realtime`; with a `mind` the
    model says what that says, and with an `ear` a recording is heard as what it says.
    """

    def __init__(
        self,
        *lines: Line,
        voice: Voice = tone,
        mind: Mind | None = None,
        ear: Ear | None = None,
        delta_s: float = 0.0,
        pace: Pace = AT_ONCE,
    ) -> None:
        self.script = Script(*lines)
        self.voice = voice
        self._mind = mind
        self._ear = ear
        self.delta_s = delta_s  # seconds before each piece of an answer
        self.pace = pace  # of an answer in `chat`
        self.transcribed_after_s = 0.0  # a turn of a Realtime session; its answer does not wait for that
        self.models: tuple[str, ...] = ("gpt-realtime", "gpt-4o-mini-tts", "gpt-4o-mini-transcribe", "gpt-5-mini")
        self.requests: list[Request] = []
        self.prompts: list[Prompt] = []
        self.sessions: list[Session] = []
        self.mistakes: list[Exception] = []  # of the script, of the kit, or an answer that is not OpenAI's
        self.url = ""
        self._heard: deque[str] = deque()
        self._heard_always = ""
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._news = asyncio.Event()  # something was asked, or a session began

    @property
    def address(self) -> Address:
        """As the plugins take it."""
        return {"base_url": self.url, "api_key": OPENAI_KEY}

    @property
    def settings(self) -> dict[str, str]:
        """The variables that lead the product here."""
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": OPENAI_KEY}

    def says(self, *lines: Line) -> None:
        """What the model says next, after what it has to say already."""
        self.script.add(*lines)

    def hears(self, *texts: str) -> None:
        """What the next recordings turn out to say."""
        self._heard.extend(texts)

    def hears_always(self, text: str) -> None:
        """What every recording says from now on, partial ones of the same words too."""
        self._heard.clear()
        self._heard_always = text

    def fail(self, where: Where, *faults: Fault | None) -> None:
        """The next requests there fail so, one each; None is one that does not."""
        self._faults[where].extend(faults)

    def fail_always(self, where: Where, fault: Fault | None) -> None:
        """Every request there fails so from now on, until None."""
        self._always[where] = fault or FINE

    def fault(self, where: Where) -> Fault:
        """What the request that comes now meets."""
        planned = self._faults[where]
        return (planned.popleft() if planned else self._always.get(where)) or FINE

    async def heard(self, recording: bytes) -> str:
        """What the WAV that comes now says."""
        if self._ear is not None:
            return await self._ear(recording)
        return self._heard.popleft() if self._heard else self._heard_always

    def reply(self, prompt: Prompt) -> Reply:
        """What the model says to `prompt`."""
        self.prompts.append(prompt)
        return self._mind(prompt) if self._mind is not None else self.script.next(prompt.said)

    def asked(self, path: str) -> list[Json]:
        """The bodies of the requests to "/chat/completions", "/audio/speech" …"""
        return [request.body for request in self.requests if request.path == f"/v1{path}"]

    async def until_asked(self, path: str, count: int = 1) -> Json:
        """The body of the request of this number there, once it came."""
        while len(bodies := self.asked(path)) < count:
            await self._more()
        return bodies[count - 1]

    async def session(self, number: int = 0) -> Session:
        """The Realtime session of this number, once it is there."""
        while len(self.sessions) <= number:
            await self._more()
        return self.sessions[number]

    async def _more(self) -> None:
        self._news.clear()
        await self._news.wait()

    def noted(self, request: Request) -> None:
        """A request came."""
        self.requests.append(request)
        self._news.set()

    def connected(self, session: Session) -> None:
        """A session has begun."""
        self.sessions.append(session)
        self._news.set()
