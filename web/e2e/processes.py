"""`processes.py DATA_DIR`: the parts of a running stack as JSON, `{"api": {"pid", "children", "env"}, …}`.

For the browser tests: which process to stop or kill for a fault, and with what settings a part runs.
"""

import json
import sys
from pathlib import Path

import psutil


def part_of(command: list[str]) -> str:
    """`api`, `worker`, `jobs`, `speech`; `livekit` and `postgres` by their programs."""
    program = Path(command[0]).name if command else ""
    return program if program in ("postgres", "livekit-server") else (command[-1] if command else "")


def main(data_dir: str) -> None:
    holder = json.loads((Path(data_dir) / "up.lock").read_text())["pid"]
    parts = {}
    for process in psutil.Process(holder).children():
        children = [child.pid for child in process.children(recursive=True)]
        parts[part_of(process.cmdline())] = {"pid": process.pid, "children": children, "env": process.environ()}
    print(json.dumps(parts))


if __name__ == "__main__":
    main(sys.argv[1])
