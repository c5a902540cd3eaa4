"""One response: what the model had before it, what it says, how it ends and what it cost."""

import asyncio
from typing import TYPE_CHECKING, Any

from tests.support.openai.checked import Json, new_id
from tests.support.openai.faults import Fault, Gone, SessionExpired
from tests.support.openai.realtime.output import Called, Output, Spoken
from tests.support.openai.realtime.usage import usage
from tests.support.openai.received import Prompt
from tests.support.openai.refusals import Refused
from tests.support.openai.script import ToolCall
from tests.support.openai.tokens import text_tokens

if TYPE_CHECKING:
    from tests.support.openai.realtime.session import Session

_TOKENS_A_MINUTE = 40_000  # of a small account


class Response:
    """Runs in a task of its own, so that it can be cancelled while it speaks."""

    def __init__(self, session: "Session", asked: Json, fault: Fault) -> None:
        self.id = new_id("resp")
        self.session = session
        self.fault = fault
        self._asked = asked
        self._context = list(session.conversation.items)
        self._outputs: list[Output] = []
        self._open: Output | None = None
        self._sent = 0
        self._announced = False
        self._over = False
        self._task = asyncio.create_task(self._run(), name=f"response {self.id}")

    @property
    def active(self) -> bool:
        """Whether another one has to wait."""
        return not self._over

    def prompt(self) -> Prompt:
        """What the model has before it."""
        config = self.session.config
        tools = self._asked.get("tools") or config["tools"]
        return Prompt(
            self._asked.get("instructions") or config["instructions"],
            tuple(item.message() for item in self._context),
            tuple(tool["name"] for tool in tools),
            self._asked,
        )

    async def cancel(self, reason: str) -> None:
        """Stop it where it is and say so."""
        await self.stop()
        await self._announce()
        await self._finish("cancelled", {"type": "cancelled", "reason": reason})

    async def stop(self) -> None:
        """Stop it without a word."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def piece(self) -> None:
        """Called before each delta."""
        await asyncio.sleep(self.session.openai.delta_s)
        await self.fault.during(self._sent, self.session)
        self._sent += 1

    async def say(self, kind: str, **fields: Any) -> None:
        """An event of this response."""
        await self.session.send(f"response.{kind}", response_id=self.id, **fields)

    async def _run(self) -> None:
        try:
            await self._answer()
        except Refused as refused:
            await self._announce()
            error = {name: refused.refusal.body()[name] for name in ("type", "code", "message")}
            await self._finish("failed", {"type": "failed", "error": error})
        except SessionExpired:
            self._over = True
            await self.session.expire()
        except (Gone, ConnectionError):
            self._over = True
        except Exception as error:
            self._over = True
            self.session.openai.mistakes.append(error)
            self.session.cut()

    async def _answer(self) -> None:
        await self.fault.before(self.session)
        reply = self.session.openai.reply(self.prompt())
        await self._announce()
        for index, part in enumerate(reply.parts):
            self._open = self._output(index, part)
            self._outputs.append(self._open)
            await self._open.open()
            if not await self._open.play():
                await self._finish("incomplete", {"type": "incomplete", "reason": "max_output_tokens"})
                return
            await self._close("completed")
        await self._finish("completed")

    async def _announce(self) -> None:
        if not self._announced:
            self._announced = True
            await self.session.send("response.created", response=self._resource("in_progress"))
            await self.session.send("rate_limits.updated", rate_limits=[_limit()])

    def _output(self, index: int, part: str | ToolCall) -> Output:
        if isinstance(part, ToolCall):
            return Called(self, index, part)
        return Spoken(self, index, part, audible="audio" in self._modalities())

    def _modalities(self) -> list[str]:
        return list(self._asked.get("output_modalities") or self.session.config["output_modalities"])

    async def _close(self, status: str) -> None:
        if (output := self._open) is not None:
            self._open = None
            await output.close(status)

    async def _finish(self, status: str, details: Json | None = None) -> None:
        await self._close("completed" if status == "completed" else "incomplete")
        self._over = True
        await self.session.send("response.done", response=self._resource(status, details))
        self.session.seen = [item.id for item in (*self._context, *(output.item for output in self._outputs))]

    def _resource(self, status: str, details: Json | None = None) -> Json:
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": details,
            "output": [output.item.body for output in self._outputs],
            "conversation_id": self.session.conversation_id,
            "output_modalities": self._modalities(),
            "max_output_tokens": "inf",
            "metadata": self._asked.get("metadata"),
            "usage": None if status == "in_progress" else self._usage(),
        }

    def _usage(self) -> Json:
        told = text_tokens(self.prompt().instructions, self.session.config["tools"] or "")
        said = [output.tokens() for output in self._outputs]
        return usage(told, self._context, self.session.seen, said)


def _limit() -> Json:
    return {"name": "tokens", "limit": _TOKENS_A_MINUTE, "remaining": _TOKENS_A_MINUTE, "reset_seconds": 0.0}
