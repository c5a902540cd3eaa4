"""`insta-voice up` with tiny parts in the place of ours: `fake_up.py FOLDER [NAME:HABIT]…`; the rest is the real thing.

The parts are `base`, and `top`, which needs it. INSTA_DATA_DIR says where, as always.
"""

import asyncio
import os
import sys
from pathlib import Path

from insta_voice.errors import InstaVoiceError
from insta_voice.settings import Settings
from insta_voice.stack.demo_content import wanted_demo
from insta_voice.stack.installation import Installation
from insta_voice.stack.logs import LogStream
from insta_voice.stack.parts import Part
from insta_voice.stack.ports import Ports, refuse_taken
from insta_voice.stack.up import up
from insta_voice.stack.up_file import Addresses

SILENT_AT_MOST_S = 3.0
PROGRAM = Path(__file__).with_name("fake_part.py")


def main() -> int:
    folder, habits = sys.argv[1], dict(argument.split(":") for argument in sys.argv[2:])

    def plan(settings: Settings, data_dir: Path, ports: Ports) -> Installation:
        if settings.service.port:
            refuse_taken(settings.service.port, settings.service.host, "INSTA_PORT")
        port = settings.service.port or ports.choose("web")
        ports.keep()

        def part(name: str, *needs: str) -> Part:
            command = [sys.executable, str(PROGRAM), folder, name, *habits.get(name, "").split()]
            return Part(
                name,
                lambda: command,
                dict(os.environ),
                needs=needs,
                notifies=True,
                ready_within_s=5.0,
                silent_at_most_s=SILENT_AT_MOST_S,
            )

        addresses = Addresses(f"http://127.0.0.1:{port}", "ws://x", "postgresql://x", None, None, ())
        return Installation([part("base"), part("top", "base")], addresses, {}, None, None, wanted_demo(settings), [])

    try:
        asyncio.run(up(Settings(), LogStream(), plan=plan))
    except InstaVoiceError as error:
        print(f"insta-voice: {error.message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
