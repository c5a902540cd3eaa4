"""How long a caller waits, and who lets them have their turn: us, stock LiveKit Agents and stock Pipecat.

    python -m bench.latency [--setup] [--quick] [--turns N] [--only us,livekit,tuned,pipecat | --without MECHANISMS]
                            [--kinds question,takes_turn,backchannel,pause] [--mind responder|llm|tool]
                            [--json FILE] [--data-dir DIR]

A caller on loopback WebRTC speaks the same prepared sentences to each side in turn (cases.py) and measures at its ear.
Starts the whole product with the demo company, and the peers beside it on its media and speech servers; all of it ends
with this command. The first start in a directory takes a minute more: name one with --data-dir to keep it.

Who thinks, --mind: responder, ours, beside peers that answer at once; llm, a scripted language model that all of them
ask; tool, the same model, which the peers ask once more, as it calls a tool for what we have searched before.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.latency import pipecat_stock, without
from bench.latency.cases import KINDS, Kind, calls
from bench.latency.minds.mind import MINDS, Mind
from bench.latency.outcome import CallOutcome
from bench.latency.run import run
from bench.latency.score import Score, score
from bench.latency.sides import CHOICES, NAMES, Planned
from bench.latency.stack import run_beside, stand_alone, temporary
from bench.latency.table import table
from bench.latency.versions import versions

from insta_voice.stack.up_file import Addresses

TURNS, QUICK_TURNS = 40, 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="bring Pipecat, measure nothing")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TURNS} turns a side, at most ten minutes")
    parser.add_argument("--turns", type=int, help=f"questions asked of each side in one breath ({TURNS})")
    parser.add_argument("--only", type=_names(CHOICES), default=NAMES, help=f"of {', '.join(CHOICES)}")
    parser.add_argument(
        "--without",
        type=_names((*without.MECHANISMS.values(), without.ALL)),
        help=f"only us, and us without one of {', '.join(without.MECHANISMS.values())}; {without.ALL}: each of them",
    )
    parser.add_argument("--kinds", type=_names(KINDS), default=KINDS, help=f"of {', '.join(KINDS)}")
    parser.add_argument("--mind", choices=MINDS, default=MINDS[0], help=f"who thinks ({MINDS[0]})")
    parser.add_argument("--json", type=Path, help="where every case is written, with the record's parts")
    parser.add_argument("--data-dir", type=Path, help="a directory of the stack's own, kept (else a temporary one)")
    wanted = parser.parse_args()
    names = without.sides(wanted.without) if wanted.without else wanted.only
    turns = wanted.turns or (QUICK_TURNS if wanted.quick else TURNS)
    file = wanted.json.absolute() if wanted.json else None
    if wanted.setup or pipecat_stock.NAME in names:
        pipecat_stock.PIPECAT.bring()
    if wanted.setup:
        return
    with ExitStack() as stack:
        data_dir = wanted.data_dir or stack.enter_context(temporary())
        outcomes = asyncio.run(_measure(data_dir.absolute(), names, wanted.mind, wanted.kinds, turns))
    scores = {side: score(of_side) for side, of_side in outcomes.items()}
    measured = versions()
    print(f"\n{table(scores, wanted.mind)}\n\n{', '.join(f'{name} {number}' for name, number in measured.items())}")
    if file:
        file.write_text(json.dumps({"versions": measured, "mind": wanted.mind, **_as_json(outcomes, scores)}, indent=1))


async def _measure(
    data_dir: Path, names: Sequence[str], mind: Mind, kinds: Sequence[Kind], turns: int
) -> dict[str, list[CallOutcome]]:
    stand_alone(data_dir)
    planned = Planned(names, mind, data_dir)

    async def measure(addresses: Addresses) -> dict[str, list[CallOutcome]]:
        assert addresses.speech_url is not None
        return await run(
            planned.sides(), calls(turns, kinds), addresses.speech_url, lambda line: print(line, flush=True)
        )

    print(f"starting everything; its log is {data_dir / 'bench.log'}", flush=True)
    return await run_beside(data_dir, planned.plan, measure)


def _as_json(outcomes: dict[str, list[CallOutcome]], scores: dict[str, Score]) -> dict[str, Any]:
    return {
        side: {"score": asdict(scores[side]), "calls": [asdict(call) for call in of_side]}
        for side, of_side in outcomes.items()
    }


def _names(known: Sequence[str]) -> Any:
    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := [name for name in chosen if name not in known]:
            raise argparse.ArgumentTypeError(f"there is no {unknown[0]!r}: choose from {', '.join(known)}")
        return chosen

    return names


if __name__ == "__main__":
    main()
