"""What to type: commands in the sentences that users read, named as they called this one."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

_NAME: Final = "insta-voice"


def command(arguments: str) -> str:
    """`insta-voice` with `arguments`; with the path to it where it was called by one, as after `make run`."""
    return f"{_called_as()} {arguments}"


def _called_as() -> str:
    """A shell that finds it in PATH hands over the whole path, which nobody typed."""
    called = sys.argv[0]
    if Path(called).name != _NAME or called == shutil.which(_NAME):
        return _NAME
    return shlex.quote(called)
