"""Which providers the calls of this machine leave alone, because they failed."""

import time
from typing import Final

from insta_voice.doctor.findings import Finding, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.voice.breaker import believed, shared_store

PART: Final = "providers"
_MEND: Final = (
    "Whoever stands behind it answers meanwhile, and it is tried again by itself. The worker's log says how it failed."
)


async def check_providers(surroundings: Surroundings) -> list[Finding]:
    """Nothing to say while all are asked, or where no call is held."""
    try:
        kept = shared_store(surroundings.settings).all()
    except OSError:  # another user's; calls then know what they have found themselves
        return []
    now_s = time.monotonic()  # what a call's event loop counts by
    found = []
    for name, held in sorted((name, believed(held, now_s)) for name, held in kept.items()):
        if not held.pauses:
            continue
        wait_s = max(0.0, held.until_s - now_s)
        then = f"no call asks it for another {wait_s:.0f} s" if wait_s else "the next call tries it again"
        failed = "once" if held.failures == 1 else f"{held.failures} times in a row"
        sentence = f"{name} failed {failed}: {then}."
        found.append(warning(PART, sentence, _MEND))
    return found
