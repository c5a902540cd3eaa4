"""What both sockets share.

Sending that a client who does not read cannot hold up, and work that ends with it.
"""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from insta_voice.errors import InstaVoiceError, InvalidInputError
from insta_voice.voice.local.limits import MAX_AT_ONCE, SEND_TIMEOUT_S

Message = dict[str, Any]


class Line:
    """One client. Its tasks are named by the client, and cancelled when it leaves."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def receive(self) -> bytes | Message | None:
        """Audio, a control message, or None when the client has left. InvalidInputError for anything else."""
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            return None
        if (data := received.get("bytes")) is not None:
            return bytes(data)
        try:
            message = json.loads(received.get("text") or "")
        except ValueError as error:
            raise InvalidInputError("A control message must be JSON.") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise InvalidInputError("A control message must be a JSON object with a type.")
        return message

    async def send(self, message: Message, audio: bytes | None = None) -> None:
        """One message and the audio that belongs to it. A client that does not read is dropped."""
        async with self._sending:
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._socket.send_text(json.dumps(message))
                    if audio is not None:
                        await self._socket.send_bytes(audio)
            except TimeoutError as error:
                await self._socket.close(1008)
                raise WebSocketDisconnect(1008) from error

    async def refuse(self, error: InstaVoiceError, **about: object) -> None:
        """Tell the client what it did wrong, or what we could not do."""
        await self.send({"type": "error", "code": error.code, "detail": error.message, **about})

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the others. InvalidInputError when there are too many, or one of this name."""
        if name in self._tasks or len(self._tasks) >= MAX_AT_ONCE:
            work.close()
            raise InvalidInputError(f"At most {MAX_AT_ONCE} requests at once, each with an id of its own.")
        task = asyncio.create_task(work, name=f"speech-line-{name}")
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def cancel(self, name: str) -> bool:
        """Stop the work of this name; False when there is none (any more)."""
        task = self._tasks.get(name)
        return task.cancel() if task else False

    async def close(self) -> None:
        """Stop everything this client asked for."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(name, None)
        if not task.cancelled():
            task.exception()  # seen: each kind of work reports its own errors, a vanished client is none
