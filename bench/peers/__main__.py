"""Our search beside LangChain, LlamaIndex and Haystack.

    python -m bench.peers [--setup] [--chunks 20000] [--callers 8] [--every 1] [--data FOLDER]

Speed and a filter that keeps 1 % of the rows among many made chunks (bench.scale); with a folder of `corpus.jsonl` and
`queries_dev.jsonl` also which articles are found. Brings the peers into `.tools/peers` when they are missing; --setup
does that and no more. Their telemetry is off. Runs on Postgres servers of its own in temporary directories.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from bench.peers.environment import PEERS


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="bring the peers, measure nothing")
    parser.add_argument("--chunks", type=int, default=20_000, help="made chunks beside the demo company's; 0: none")
    parser.add_argument("--callers", type=int, default=8, help="who ask at once, beside one alone")
    parser.add_argument("--every", type=int, default=1, help="ask only every n-th of the questions, to be done sooner")
    parser.add_argument("--data", type=Path, help="a folder with corpus.jsonl and queries_dev.jsonl")
    wanted = parser.parse_args()
    PEERS.bring()
    if wanted.setup:
        return
    PEERS.enter("bench.peers", sys.argv[1:])
    from bench.peers.run import measure_many, measure_quality  # in the peers' environment only

    if wanted.chunks:
        await measure_many(wanted.chunks, wanted.callers, wanted.every)
    if wanted.data:
        await measure_quality(wanted.data)


if __name__ == "__main__":
    asyncio.run(main())
