"""What the commands that publish say of gaps: the open ones are asked again, and which are closed."""

import time
from datetime import UTC, datetime

from insta_voice.cli.printing import on_one_line
from insta_voice.command import command
from insta_voice.db import Database
from insta_voice.errors import DBDriverError, EmbeddingError
from insta_voice.knowledge import Embedder
from insta_voice.knowledge.gaps import MOST_AFTER_PUBLISHING, Checked, Gap, close_answered

_ASKED_FOR_S = 60.0  # the report of what was published waits behind it; a hundred gaps take some seconds


async def ask_open_gaps(db: Database, embedder: Embedder) -> list[str]:
    """A sentence for each gap that is answered now, and one where not all could be asked. What was published is
    published: that a model or the database went away since is no failure of it.
    """
    told: list[str] = []
    asked = 0
    began_s = time.monotonic()
    by_hand = f"`{command('gaps check')}`"
    try:
        async for gap, checked in close_answered(db, embedder, now=datetime.now(UTC)):
            asked += 1
            if checked.closed:
                told.append(_closed(gap, checked))
            if time.monotonic() - began_s > _ASKED_FOR_S:
                told.append(f"Open gaps were asked again for a minute: {by_hand} asks all of them.")
                return told
    except EmbeddingError:
        told.append(f"The embedding model is away, so that open gaps were not asked again: {by_hand} does that later.")
    except DBDriverError:
        told.append(f"The database went away, so that open gaps were not asked again: {by_hand} does that later.")
    if asked == MOST_AFTER_PUBLISHING:
        told.append(f"The {asked} open gaps that weigh most were asked again: {by_hand} asks the others too.")
    return told


def _closed(gap: Gap, checked: Checked) -> str:
    times = "once" if gap.questions == 1 else f"{gap.questions} times"
    titles = " and ".join(f"“{on_one_line(title)}”" for title in checked.titles)
    return f"Closed: “{on_one_line(gap.question)}” (asked {times}) is answered by {titles} now."
