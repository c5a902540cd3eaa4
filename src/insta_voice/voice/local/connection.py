"""One lasting WebSocket to the speech server, shared by everything a process asks of it.

It connects when it is first used and again after the server was restarted. Answers are handed to whoever
asked, by the key in them; when the connection breaks, everybody who waits is told at once with
SpeechServerError.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from insta_voice.errors import InvalidInputError, SpeechServerError

Message = dict[str, Any]
_RETRY_S = 0.1  # a restarted server listens again after about a second
_MAX_MESSAGE_BYTES = 8_000_000  # the longest piece of speech is some 20 s, 1 MB


class ConnectionBrokeError(SpeechServerError):
    """The speech server went away in the middle of a request. It is being restarted; try again."""


class Answers:
    """What the server says to one request, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[Message, bytes] | None] = asyncio.Queue()

    def put(self, message: Message, audio: bytes = b"") -> None:
        self._queue.put_nowait((message, audio))

    def break_off(self) -> None:
        self._queue.put_nowait(None)

    async def next(self) -> tuple[Message, bytes]:
        """The next message and its audio.

        SpeechServerError when the connection broke or the server failed.
        """
        answer = await self._queue.get()
        if answer is None:
            raise ConnectionBrokeError
        message, _ = answer
        if message["type"] == "error":
            refused = InvalidInputError if message.get("code") == InvalidInputError.code else SpeechServerError
            raise refused(message.get("detail"))
        return answer


class Connection:
    """`key` is the field that tells whose an answer is: "segment" or "id"."""

    def __init__(self, url: str, path: str, key: str, *, patience_s: float) -> None:
        """`url` is the server's http address; `patience_s` how long to try while nobody listens."""
        parts = urlsplit(url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._url = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + path, "", ""))
        self._key = key
        self._patience_s = patience_s
        self._sending = asyncio.Lock()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, Answers] = {}

    @contextlib.asynccontextmanager
    async def ask(self, key: str, *messages: Message | bytes) -> AsyncIterator[Answers]:
        """Send `messages` together and give what is answered under `key` until the block is left."""
        answers = Answers()
        async with self._turn() as socket:
            self._waiting[key] = answers
            try:
                for message in messages:
                    await socket.send(message if isinstance(message, bytes) else json.dumps(message))
            except (WebSocketException, OSError) as error:
                self._waiting.pop(key, None)
                raise ConnectionBrokeError from error
        try:
            yield answers
        finally:
            self._waiting.pop(key, None)

    async def tell(self, message: Message) -> None:
        """Send a message that needs no answer; if nobody listens any more, it is not needed either."""
        if self._socket:
            with contextlib.suppress(WebSocketException, OSError):
                await self._socket.send(json.dumps(message))

    async def open(self) -> None:
        """Connect now, so that the first request need not. SpeechServerError when nobody listens."""
        async with self._turn():
            pass

    async def close(self) -> None:
        """Close the socket; who still waits is told."""
        if self._socket:
            await self._socket.close()
        if self._reader:
            await self._reader

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[ClientConnection]:
        """The open socket, for one request's messages alone.

        Everybody waits `patience_s` at most, queue included.
        """
        deadline = asyncio.get_running_loop().time() + self._patience_s
        try:
            async with asyncio.timeout_at(deadline):
                await self._sending.acquire()
        except TimeoutError as error:
            raise SpeechServerError(detail=f"nobody listened for {self._patience_s} s") from error
        try:
            yield await self._open(deadline)
        finally:
            self._sending.release()

    async def _open(self, deadline: float) -> ClientConnection:
        if self._socket and self._reader and not self._reader.done():
            return self._socket
        try:
            async with asyncio.timeout_at(deadline):
                self._socket = await self._connect()
        except TimeoutError as error:
            raise SpeechServerError(detail=f"nobody listened for {self._patience_s} s") from error
        self._reader = asyncio.create_task(self._read(self._socket), name="speech-connection-reader")
        return self._socket

    async def _connect(self) -> ClientConnection:
        while True:
            try:
                return await connect(
                    self._url, compression=None, max_size=_MAX_MESSAGE_BYTES, proxy=None, ping_interval=None
                )
            except (WebSocketException, OSError):
                await asyncio.sleep(_RETRY_S)

    async def _read(self, socket: ClientConnection) -> None:
        message: Message = {}
        try:
            async for received in socket:
                if isinstance(received, bytes):
                    self._answer(message, received)
                    continue
                message = json.loads(received)
                if message["type"] != "piece":  # the audio of a piece comes right after it
                    self._answer(message)
        except WebSocketException:
            pass
        finally:
            for answers in self._waiting.values():
                answers.break_off()

    def _answer(self, message: Message, audio: bytes = b"") -> None:
        if answers := self._waiting.get(str(message.get(self._key))):
            answers.put(message, audio)
