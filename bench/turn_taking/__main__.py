"""Whether the turn engine ends turns when they are over, falls silent when it has to and only then.

    python -m bench.turn_taking [--kinds a,b] [--seed N] [--json FILE] [--curve] [--show NAME,…|bad] [--sound FOLDER]
                                [--without MECHANISM]

Generated cases, real models, a virtual clock: a recognition takes 60 ms and 70 more for each second of audio, a
judgement 85 ms, times --cost-factor; with --measured-cost, what they take on this machine at this moment. What was
computed once is kept in the temporary directory: the second run, of this engine or a changed one, takes a fraction of
the first.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.turn_taking import curve
from bench.turn_taking.case import Case
from bench.turn_taking.drive import Trace, play
from bench.turn_taking.kept import KEPT, Kept
from bench.turn_taking.kinds import KINDS, plans
from bench.turn_taking.models import Cost, Models
from bench.turn_taking.outcome import Outcome, outcome
from bench.turn_taking.plan import Must
from bench.turn_taking.render import Voice, render
from bench.turn_taking.report import tables, timeline
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.agent.turns.pacing import Pacing
from insta_voice.voice.local.wav import write_wav

OF_TURNS = ("drafts", "words", "holding", "habit", "joining")


def played(
    cases: Sequence[Case], models: Models, pacing: Pacing | None = None, mechanisms: Mechanisms = ALL
) -> Iterator[tuple[Case, Trace, Outcome]]:
    """One after the other, each on a clock of its own."""
    for case in cases:
        trace = run_virtual(play(case, models, pacing, mechanisms))
        yield case, trace, outcome(case, trace)


def draw_curve(cases: Sequence[Case], models: Models) -> None:
    """Print a line for each factor, as it is known."""
    turns = [case for case in cases if case.plan.must is Must.END_ONCE]
    print(*curve.header(), sep="\n")
    for factor in curve.FACTORS:
        print(curve.line(factor, [one for _, _, one in played(turns, models, curve.scaled(factor))]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default="", help=f"some of: {', '.join(KINDS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="a file for the outcome of every case")
    parser.add_argument("--curve", action="store_true", help="false ends against the wait, for other patience")
    parser.add_argument("--show", default="", help="the timeline of these cases; of all that went wrong with `bad`")
    parser.add_argument("--sound", type=Path, help="a folder for the cases as WAV files")
    parser.add_argument("--cost-factor", type=float, default=1.0, help="models that take so many times as long")
    parser.add_argument("--without", choices=OF_TURNS, help="one mechanism switched off")
    parser.add_argument("--measured-cost", action="store_true", help="as long as they take now")
    wanted = parser.parse_args()
    kinds = [kind.strip() for kind in wanted.kinds.split(",") if kind.strip()]
    if unknown := set(kinds) - set(KINDS):
        parser.error(f"there is no kind {min(unknown)!r}: choose from {', '.join(KINDS)}")
    began = time.monotonic()
    kept = Kept(KEPT)
    voice = Voice(kept)
    cases = [render(plan, voice) for plan in plans(wanted.seed, kinds)]
    models = Models(kept, Cost(factor=wanted.cost_factor, measured=wanted.measured_cost))
    mechanisms = Mechanisms.without(wanted.without) if wanted.without else ALL
    shown = wanted.show.split(",")
    outcomes = []
    for case, trace, result in played(cases, models, mechanisms=mechanisms):
        outcomes.append(result)
        if case.plan.name in shown or ("bad" in shown and not result.good):
            print(*timeline(case, trace, result), sep="\n", flush=True)
        if wanted.sound:
            wanted.sound.mkdir(parents=True, exist_ok=True)
            (wanted.sound / f"{case.plan.name.replace(' ', '-')}.wav").write_bytes(write_wav(case.pcm, 16_000))
    print(
        f"\n{len(cases)} cases of seed {wanted.seed}{f', without {wanted.without}' * bool(wanted.without)}, "
        f"{sum(one.good for one in outcomes)} as they must be",
        flush=True,
    )
    print(*tables(outcomes), sep="\n", flush=True)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1), "utf-8")
    if wanted.curve:
        draw_curve(cases, models)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
