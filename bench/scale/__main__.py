"""How fast the search is among many chunks, and whether a filter that keeps 1 % of them still finds what it should.

    python -m bench.scale [--chunks 20000] [--callers 8]

The corpus is made out of the demo company's (corpus.py); the questions are those about it, and each one's vector is
made inside the time. Runs on a Postgres of its own in a temporary directory: 100,000 chunks take 5 GB of disk for ten
minutes.
"""

import argparse
import asyncio

import numpy as np
from bench.scale.exact import share_of_exact
from bench.scale.made import FILTER, RARE, fill, read_questions
from bench.scale.timing import took_ms
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder
from insta_voice.knowledge.embedders import Embedders
from insta_voice.knowledge.hits import Hit
from insta_voice.knowledge.search import MATCH_COUNT, search
from insta_voice.stack.postgres import EmbeddedPostgres
from insta_voice.voice.local.text_vectors import TextVectors

ROUNDS = 3


async def measure(server: EmbeddedPostgres, chunks: int, callers: int) -> None:
    questions = read_questions()
    embedder = LocalEmbedder(TextVectors())
    asked = Embedders(embedder)  # kept from question to question, as a call keeps it
    async with Database(server.url) as db:
        await fill(server, db, embedder, chunks=chunks)

        async def ask(question: str) -> list[list[Hit]]:
            return await search(db, asked, [question], audiences=FILTER)

        await took_ms(ask, questions, callers=1)  # nobody's first question is measured
        print("| chunks | callers at once | searches | p50 / p95 / max ms |\n|---|---|---|---|")
        for at_once in (1, callers):
            times = await took_ms(ask, questions * ROUNDS, callers=at_once)
            p50, p95 = np.percentile(times, [50, 95])
            print(f"| {chunks:,} | {at_once} | {len(times)} | {p50:.0f} / {p95:.0f} / {max(times):.0f} |")
        found = [len(h) for q in questions for h in await search(db, asked, [q], audiences=RARE)]
        shares = await share_of_exact(server.admin_url, embedder, questions, RARE)
        print(f"\nA filter that keeps 1 %: {np.mean(found):.2f} of {MATCH_COUNT} rows returned (least {min(found)}), ")
        print(f"{np.mean(shares):.3f} of those that an exact search gives (least {min(shares):.2f})")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=20_000, help="made chunks beside the demo company's")
    parser.add_argument("--callers", type=int, default=8, help="who ask at once, in the second line")
    wanted = parser.parse_args()
    async with temporary_server() as server:
        await measure(server, wanted.chunks, wanted.callers)


if __name__ == "__main__":
    asyncio.run(main())
