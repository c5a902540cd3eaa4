"""The peers, filled with our rows and asked as sides."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bench.peers.haystack import Haystack
from bench.peers.langchain import LangChain
from bench.peers.llama_index import LlamaIndex, LlamaIndexFused
from bench.peers.peer import Peer, Row
from bench.peers.rows import who_hear
from bench.peers.side import Ask, Side

from insta_voice.knowledge import Embedder

PEERS: dict[str, type[Peer]] = {
    "LangChain": LangChain,
    "LlamaIndex, hybrid mode": LlamaIndex,
    "LlamaIndex, fused": LlamaIndexFused,
    "Haystack": Haystack,
}
_FILLED = ("LangChain", "LlamaIndex, hybrid mode", "Haystack")  # LlamaIndex's two ways share a table


async def fill(url: str, embedder: Embedder, rows: Sequence[Row]) -> None:
    """Give each peer the rows."""
    for name in _FILLED:
        peer = await PEERS[name].open(url, embedder)
        began = time.monotonic()
        await peer.load(rows)
        await peer.aclose()
        print(f"{name}: {len(rows):,} rows in {time.monotonic() - began:.0f} s", flush=True)


@asynccontextmanager
async def opened(url: str, embedder: Embedder, rows: Sequence[Row]) -> AsyncIterator[list[Side]]:
    """The peers, each with connections of its own."""
    async with AsyncExitStack() as stack:
        sides = []
        for name, kind in PEERS.items():
            peer = await kind.open(url, embedder)
            stack.push_async_callback(peer.aclose)
            sides.append(Side(name, _asking(peer, rows)))
        yield sides


def _asking(peer: Peer, rows: Sequence[Row]) -> Ask:
    hear = who_hear(rows)

    async def ask(question: str, audiences: Sequence[str], count: int) -> list[int]:
        return await peer.search(question, hear(audiences), count)

    return ask
