"""Which steps there are for which purpose, and the sentence at the end."""

import os
import sys
import time

from graph import Progress, Step, StepFailedError, run_steps
from livekit_server import bring_livekit_server
from node_packages import build_web, bundle_auth_emulator, install_web
from python_packages import bring_llama, bring_uv, prepare_weights, sync_packages
from system_packages import bring_system_packages
from tools import STAMPS

TO_RUN = (
    Step("livekit-server", bring_livekit_server),
    Step("uv", bring_uv),
    Step("Python packages", sync_packages, after=("uv",)),
    Step("speech models", prepare_weights, after=("Python packages",)),
    Step("page packages", install_web),
    Step("web page", build_web, after=("page packages",)),
    Step("sign-in emulator", bundle_auth_emulator),
)
TO_TEST = (
    *TO_RUN,
    Step("language model", bring_llama, after=("Python packages",)),
    Step("test programs", bring_system_packages),
)


def run(arguments: list[str]) -> int:
    """Exit code 0 when everything is there, 1 with a sentence otherwise, 2 for wrong usage."""
    purposes = {"run": TO_RUN, "test": TO_TEST}
    purpose = arguments[0] if len(arguments) == 1 else ""
    if purpose not in purposes:
        print("usage: python3 scripts/setup run|test", file=sys.stderr)
        return 2
    started = time.monotonic()

    def say(line: str) -> None:
        print(line, flush=True)

    if not STAMPS.is_dir():
        names = ", ".join(step.name for step in purposes[purpose])
        say(f"Bringing {names}: this first time takes some minutes, later ones a moment.")
    try:
        run_steps(purposes[purpose], Progress(say))
    except StepFailedError as error:
        sys.stdout.flush()
        if error.output:
            print(f"\n{error.output}\n", file=sys.stderr)
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        os._exit(130)  # the programs started got the same Ctrl-C; waiting for their threads would only delay it
    say(f"Set-up is complete ({time.monotonic() - started:.1f} s).")
    return 0
