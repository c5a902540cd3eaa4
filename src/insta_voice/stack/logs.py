"""One stream of lines for all parts, each with the name of the part it comes from."""

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

LONGEST_LINE_BYTES = 1 << 20
_NAME_WIDTH = 8
# 256-colour codes readable on light and dark terminals.
_COLOURS = (33, 71, 136, 133, 37, 166, 99, 64)


class LogStream:
    """Writes `name │ line`; coloured by part on a terminal, plain otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._coloured = self._stream.isatty()
        self._colours: dict[str, int] = {}

    def say(self, name: str, line: str) -> None:
        """One line of one part."""
        prefix = f"{name:<{_NAME_WIDTH}} │"
        if self._coloured:
            colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
            prefix = f"\x1b[38;5;{colour}m{prefix}\x1b[0m"
        try:
            self._stream.write(f"{prefix} {line}\n")
            self._stream.flush()
        except BrokenPipeError:
            pass  # whoever read the log has gone; the parts go on

    async def relay(
        self, name: str, reader: asyncio.StreamReader, *, leave_out: Callable[[str], bool] = lambda line: False
    ) -> None:
        """Pass on the lines until the end of the stream. A line too long to hold is dropped and said so."""
        while True:
            try:
                line = await reader.readline()
            except ValueError:
                self.say(name, "(a line longer than 1 MB was left out)")
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            if not leave_out(text):
                self.say(name, text)
