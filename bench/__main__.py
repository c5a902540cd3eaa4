"""`make bench`: every measurement of bench/README.md, one after the other, on an otherwise idle machine.

`make bench ARGS=calls` runs one of them.
"""

import subprocess
import sys
from pathlib import Path

COMMANDS = {
    "retrieval": (sys.executable, "-m", "bench.retrieval"),
    "spoken": (sys.executable, "-m", "bench.spoken"),
    "asking-back": (sys.executable, "-m", "bench.asking_back"),
    "ingest": (sys.executable, "-m", "bench.ingest"),
    "gaps": (sys.executable, "-m", "bench.gaps"),
    "scale": (sys.executable, "-m", "bench.scale"),
    "peers": (sys.executable, "-m", "bench.peers"),
    "latency": (sys.executable, "-m", "bench.latency", "--quick"),
    "density": (sys.executable, "-m", "bench.density"),
    "grounding": (sys.executable, "-m", "bench.grounding"),
    "turn-taking": (sys.executable, "-m", "bench.turn_taking", "--curve"),
    "speech": (sys.executable, "-m", "bench.speech"),
    "openai-faults": (sys.executable, "-m", "bench.openai_faults"),
    "calls": (str(Path(sys.executable).with_name("insta-voice")), "demo"),
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in COMMANDS]
    if unknown:
        print(f"There is no measurement {unknown[0]!r}: choose from {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    codes = []
    for name in names or COMMANDS:
        print(f"\n── {name}", flush=True)
        codes.append(subprocess.run(COMMANDS[name], check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
