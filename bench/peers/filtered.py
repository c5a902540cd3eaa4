"""A filter that keeps 1 % of the rows: how many each side finds, and which share of those an exact search finds."""

from collections.abc import Sequence

import numpy as np
import psycopg
from bench.peers.peer import Row
from bench.peers.peers import opened
from bench.peers.rows import QUERIES
from bench.peers.side import Side
from bench.scale.exact import share_of_exact
from bench.scale.made import RARE

from insta_voice.knowledge import Embedder
from insta_voice.knowledge.search import MATCH_COUNT

_HEAD = """
| side | rows returned of 10, mean (least) | share of those of an exact search, mean (least) |
|---|---|---|"""


async def compare(
    url: str, embedder: Embedder, rows: Sequence[Row], mine: Side, peers: Sequence[Side], questions: Sequence[str]
) -> None:
    """Print a line for each side. A peer's exact search is its own, over connections that use no index."""
    found = {
        side.name: [await side.ask(question, RARE, MATCH_COUNT) for question in questions] for side in (mine, *peers)
    }
    shares = {mine.name: await share_of_exact(url, embedder, questions, RARE)}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(QUERIES["without_indexes"])
    async with opened(url, embedder, rows) as exact_peers:
        for peer in exact_peers:
            exact = [await peer.ask(question, RARE, MATCH_COUNT) for question in questions]
            shares[peer.name] = list(map(_share, found[peer.name], exact))
    print(_HEAD)
    for name, one in shares.items():
        counts = [len(ids) for ids in found[name]]
        print(f"| {name} | {np.mean(counts):.2f} ({min(counts)}) | {np.mean(one):.3f} ({min(one):.2f}) |", flush=True)


def _share(found: Sequence[int], exact: Sequence[int]) -> float:
    return len({*found} & {*exact}) / len(exact) if exact else 1.0
