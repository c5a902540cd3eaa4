"""What a log may say of a defect: which and where. An exception's own message can hold what a caller said."""

import traceback
from pathlib import Path


def whereabouts(error: BaseException) -> str:
    """Such as "recorder.py:88 run: KeyError"; the innermost line of the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno} {frames[-1].name}: " if frames else ""
    return where + type(error).__name__
