"""Logging: one plain line an event, without personal data (promise 32).

Call ids and counts are said; what people say, who they are and how to reach them is not. What other libraries put
into a message is redacted, their `extra` fields are not printed (livekit.agents carries transcripts there), and
of an exception its class and place are said: its message may hold what a row or a caller said.
"""

import logging
import re
import sys
import threading
import time
from types import TracebackType

from insta_voice.errors import InstaVoiceError
from insta_voice.settings import get_settings

# Louder than their use: each request, each connection, each job, and at debug what callers say.
_QUIET = {
    "aiosqlite": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "livekit": logging.INFO,
    "livekit.agents": logging.INFO,
    "openai": logging.WARNING,
    "procrastinate": logging.WARNING,
    "psycopg": logging.WARNING,
    "psycopg.pool": logging.ERROR,  # it warns at every attempt of an outage; we say it once, where it matters
    "uvicorn.access": logging.WARNING,  # client addresses
    "websockets": logging.WARNING,
}
_FRAMES = 3  # the innermost places of an exception: enough to find it

_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*@"), "[credentials]@"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"), "Bearer [token]"),
    (re.compile(r"\b(?:sk|pk|rk)-[\w-]{12,}"), "[token]"),
    (
        re.compile(
            r"(?i)\b((?:\w+_)?(?:password|passwd|secret|token|api_?key|authorization))"
            r"([\"']?\s*[:=]\s*[\"']?)(?!\[|Bearer)[^\s\"'&,;)]+"
        ),
        r"\1\2[secret]",
    ),
    (re.compile(r"\b[0-9A-Fa-f]{40,}\b"), "[token]"),
)
_UUID_OR_NUMBER = re.compile(rf"(?P<uuid>{_UUID})|(?<![\w.-])(?P<number>\+?\(?\d(?:[ ().-]{{0,2}}\d){{6,18}})(?![\w-])")
_NOT_A_PERSONS = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d+\.\d+|20\d\d-\d\d-\d\d(?: \d\d)?"  # an IPv4 address, a decimal, a date
)
_TRACEBACK = re.compile(r"\n?Traceback \(most recent call last\):.*", re.DOTALL)
_FRAME = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+), in (?P<name>\S+)')
_RAISED = re.compile(r"^(?P<name>[A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)


def redact(text: str) -> str:
    """`text` without e-mail addresses, tokens, passwords, and numbers that may be a phone's or a card's."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _UUID_OR_NUMBER.sub(_number, text)


def describe_exception(error: BaseException) -> str:
    """Class and place of an exception and of what caused it, in one line; our own errors with their detail."""
    said: list[str] = []
    current: BaseException | None = error
    while current is not None and len(said) < 5:  # a cause of a cause of a cause is of no help
        detail = f" ({current.detail})" if isinstance(current, InstaVoiceError) and current.detail else ""
        said.append(f"{type(current).__name__}{detail}{_places(current.__traceback__)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return ", from ".join(said)


def configure_logging(part: str, level: str | None = None) -> None:
    """Log to standard error, one line an event. `part` names the process; `level` is INSTA_LOG_LEVEL by default."""
    level = level or get_settings().service.log_level
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, logging.getLogger().level))
    log = logging.getLogger(f"insta_voice.{part}")

    def uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("%s stopped", part, exc_info=error)

    sys.excepthook = uncaught
    threading.excepthook = lambda args: log.error(
        "thread %s stopped", args.thread.name if args.thread else "?", exc_info=args.exc_value
    )


class PlainFormatter(logging.Formatter):
    """`12:00:03 INFO insta_voice.calls: message`, UTC, redacted."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message and the exception hold."""
        message = record.getMessage()
        if record.name == "asyncio":  # its second line repeats the exception with its message
            message = message.split("\n", 1)[0]
        message = _TRACEBACK.sub(_told_traceback, message)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            message = f"{message}: {describe_exception(error)}"
        when = time.strftime("%H:%M:%S", time.gmtime(record.created))
        line = " ".join(redact(message).split())
        return f"{when} {record.levelname} {record.name}: {line}"


def _number(match: re.Match[str]) -> str:
    found = match.group(0)
    if match["uuid"] or _NOT_A_PERSONS.fullmatch(found):
        return found
    # Bare numbers of eight digits and less are process ids, sizes and counts.
    if found.isdigit() and len(found) < 9:
        return found
    return "[number]"


def _places(traceback: TracebackType | None) -> str:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(_place(code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return f" at {' < '.join(reversed(frames[-_FRAMES:]))}" if frames else ""


def _place(path: str, line: int | str, name: str) -> str:
    short = re.split(r"/(?:site-packages|src|lib/python[\d.]+)/", path)[-1]
    return f"{short}:{line} in {name}"


def _told_traceback(match: re.Match[str]) -> str:
    """A traceback another process has already turned into text, told as we would have."""
    text = match.group(0)
    frames = [_place(frame["path"], frame["line"], frame["name"]) for frame in _FRAME.finditer(text)]
    raised = [found["name"] for found in _RAISED.finditer(text) if found["name"] != "Traceback"]
    return f": {raised[-1] if raised else 'exception'} at {' < '.join(reversed(frames[-_FRAMES:]))}"
