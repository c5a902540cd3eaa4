"""What to type: commands in the sentences that users read, named as they called this one."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

_NAME: Final = "insta-voice"


def command(words: str, *values: object) -> str:
    """`insta-voice` with `words` as they stand, then `values`, such as ids and paths, quoted as a shell needs it; with
    the path to it where it was called by one, as after `make run`.
    """
    return " ".join([_called_as(), words, *(shlex.quote(str(value)) for value in values)])


def _called_as() -> str:
    """A shell that finds it in PATH hands over the whole path, which nobody typed."""
    called = sys.argv[0]
    if Path(called).name != _NAME or called == shutil.which(_NAME):
        return _NAME
    return shlex.quote(called)
