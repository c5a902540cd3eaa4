"""How many calls at once this machine holds, and what they cost.

    python -m bench.density [--calls 1,2,4,6] [--turns N] [--places N] [--remote] [--json FILE] [--data-dir DIR]

For each count, so many callers on loopback WebRTC, each in a call of their own, ask the demo company's questions and
measure at their ears. Callers, media server and everything else are on the same machine. With --remote the language
model, the recogniser and the voice are played by a script that takes the time of real ones and little work. Starts the
whole product and stops it; a count takes at most a minute and a half.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bench.density.customers import make_customers
from bench.density.planned import Planned
from bench.density.run import Round, hold_round
from bench.density.table import table
from bench.latency.cases import Case
from bench.latency.script import QUESTIONS
from bench.latency.stack import run_beside, stand_alone, temporary
from bench.latency.voice import Utterances

from insta_voice.demo.customer import Installation as Running
from insta_voice.stack.up_file import Addresses

TURNS = 5
CALLS, REMOTE_CALLS = (1, 2, 4, 6), (1, 4, 8, 12, 16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=_counts, help=f"how many at once, one count after the other ({_said(CALLS)})")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"questions a call, as far as time allows ({TURNS})")
    parser.add_argument("--places", type=int, help="VOICE_MAX_CALLS; else the product's own, with --remote enough")
    parser.add_argument("--remote", action="store_true", help=f"nothing but calls is done here ({_said(REMOTE_CALLS)})")
    parser.add_argument("--json", type=Path, help="where every call and question is written")
    parser.add_argument("--data-dir", type=Path, help="a directory of the stack's own, kept (else a temporary one)")
    wanted = parser.parse_args()
    counts = wanted.calls or (REMOTE_CALLS if wanted.remote else CALLS)
    places = wanted.places or (max(counts) if wanted.remote else None)
    file = wanted.json.absolute() if wanted.json else None
    with ExitStack() as stack:
        data_dir = (wanted.data_dir or stack.enter_context(temporary())).absolute()
        rounds = asyncio.run(_measure(data_dir, counts, wanted.turns, Planned(data_dir, places, wanted.remote)))
    print(f"\n{table(rounds)}")
    if file:
        file.write_text(json.dumps([asdict(one) for one in rounds], indent=1))


async def _measure(data_dir: Path, counts: Sequence[int], turns: int, planned: Planned) -> list[Round]:
    stand_alone(data_dir)

    async def measure(addresses: Addresses) -> list[Round]:
        assert addresses.speech_url is not None
        cases = [Case("question", question) for question in QUESTIONS]
        said = await Utterances(addresses.speech_url).prepare(cases)
        spoken = {case.question.text: said[case].question for case in cases}
        planned.tell(spoken)
        customers = await make_customers(addresses, Running.running_in(data_dir), max(counts))
        rounds = []
        for count in counts:
            rounds.append(await hold_round(customers[:count], list(spoken.values()), turns))
            print(f"{count} at once: {rounds[-1].calls} held, {len(rounds[-1].asked)} questions", flush=True)
        return rounds

    print(f"starting everything; its log is {data_dir / 'bench.log'}", flush=True)
    return await run_beside(data_dir, planned.plan, measure)


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(int(count) for count in text.split(","))
    if min(counts) < 1:
        raise argparse.ArgumentTypeError("a count is at least 1")
    return counts


def _said(counts: Sequence[int]) -> str:
    return ",".join(map(str, counts))


if __name__ == "__main__":
    main()
