"""A tiny program for the supervisor to watch: `fake_part.py FOLDER NAME [stubborn] [deaf] [broken]`.

It writes its process id to FOLDER/NAME.pid, starts a child of its own (FOLDER/NAME.child), says READY=1 and then, as
often as WATCHDOG_USEC asks, WATCHDOG=1.
`stubborn` ignores SIGTERM, `deaf` never says that it is ready, `broken` ends at once with exit code 3.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    folder, name, habits = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if "broken" in habits:
        print("I cannot", flush=True)
        return 3
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in habits else lambda *_: sys.exit(0))
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    write(folder / f"{name}.child", child.pid)
    write(folder / f"{name}.pid", os.getpid())
    print(f"hello from {name}", flush=True)
    if "deaf" not in habits:
        tell(b"READY=1\nSTATUS=listening")
    every_s = int(os.environ["WATCHDOG_USEC"]) / 1_000_000 / 3
    while True:
        time.sleep(every_s)
        tell(b"WATCHDOG=1")


def write(path: Path, pid: int) -> None:
    """Whole or not at all: a test reads it whenever it looks, also the one of a part that is started again."""
    unready = path.with_name(f"{path.name}.{pid}")
    unready.write_text(str(pid))
    unready.replace(path)


def tell(message: bytes) -> None:
    """To whoever started us, if they still listen."""
    address = os.environ["NOTIFY_SOCKET"]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(message, "\0" + address[1:] if address[0] == "@" else address)


if __name__ == "__main__":
    sys.exit(main())
