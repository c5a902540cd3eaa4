"""How fast `kb ingest` loads articles, against one thread that makes the same vectors and nothing else.

    python -m bench.ingest [--documents 500]

Articles of one to three passages, out of the demo company's words by seed. Both sides take turns, some articles at a
time, so that what else the machine does meets both. On a machine that has something else to do only the seconds of the
processors (of this process: without those of Postgres) say anything. Runs on a Postgres of its own.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from bench.retrieval import CHECKOUT
from bench.server import temporary_server

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.knowledge.chunks import Chunk, embedded_sentence, embedded_text, make_chunks
from insta_voice.stack.postgres import EmbeddedPostgres
from insta_voice.voice.local.text_vectors import TextVectors

ARTICLES = CHECKOUT / "knowledge" / "articles"
AT_A_TIME = 25  # articles of a turn
WORDS_OF_A_SENTENCE, SENTENCES_OF_A_PASSAGE = (8, 18), (3, 10)

Article = tuple[str, str]
"""Title and text."""


def articles(count: int) -> list[Article]:
    """So many; the same every time."""
    words = [word for path in sorted(ARTICLES.glob("*.md")) for word in path.read_text().split() if word.isalpha()]
    chance = np.random.default_rng(0)

    def sentence() -> str:
        return " ".join(chance.choice(words, chance.integers(*WORDS_OF_A_SENTENCE))).capitalize() + "."

    def passage(number: int) -> str:
        return f"## Part {number}\n\n" + " ".join(sentence() for _ in range(chance.integers(*SENTENCES_OF_A_PASSAGE)))

    return [
        (f"Article {number}", "\n\n".join(passage(part) for part in range(chance.integers(1, 4))))
        for number in range(count)
    ]


def texts_of(title: str, chunks: list[Chunk]) -> list[str]:
    """What an article's vectors are made of."""
    sentences = [embedded_sentence(sentence) for chunk in chunks for sentence in chunk.sentences]
    return [*(embedded_text(title, chunk) for chunk in chunks), *sentences]


class Taken:
    """The seconds that something took, of the clock and of the processors, over all turns."""

    def __init__(self) -> None:
        self.clock_s = self.processors_s = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        clock_s, processors_s = time.perf_counter(), time.process_time()
        yield
        self.clock_s += time.perf_counter() - clock_s
        self.processors_s += time.process_time() - processors_s


async def measure(server: EmbeddedPostgres, folder: Path, count: int) -> None:
    """Print the table."""
    model = TextVectors()
    embedder = LocalEmbedder(model)
    alone, ingested = Taken(), Taken()
    passages = texts = 0
    made = articles(count)
    async with Database(server.url) as db:
        await ingest(db, embedder, [])  # what is done once is not measured
        for start in range(0, count, AT_A_TIME):
            turn = folder / f"turn-{start}"
            turn.mkdir()
            wanted = []
            for number, (title, text) in enumerate(made[start : start + AT_A_TIME], start):
                (turn / f"{number}.md").write_text(f"---\nid: a{number}\ntitle: {title}\n---\n\n{text}\n")
                chunks = make_chunks(title, text)
                passages += len(chunks)
                wanted += texts_of(title, chunks)
            texts += len(wanted)
            with alone.turn():
                await asyncio.to_thread(model.embed, wanted)
            with ingested.turn():
                report = await ingest(db, embedder, [turn])
            assert report.added == len(list(turn.iterdir()))
    await embedder.aclose()
    print(f"{count} articles, {passages} passages, {texts} vectors\n")
    print("| | seconds | of the processors | passages/s |\n|---|---|---|---|")
    for name, took in (("one thread, vectors alone", alone), ("`kb ingest`", ingested)):
        print(f"| {name} | {took.clock_s:.1f} | {took.processors_s:.1f} | {passages / took.clock_s:.1f} |")
    print(f"\n{alone.clock_s / ingested.clock_s:.2f} × one thread")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=500)
    wanted = parser.parse_args()
    async with temporary_server() as server:
        with tempfile.TemporaryDirectory() as folder:
            await measure(server, Path(folder), wanted.documents)


if __name__ == "__main__":
    asyncio.run(main())
