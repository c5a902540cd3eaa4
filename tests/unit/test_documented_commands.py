"""Every command the documents show in code can be typed: `insta-voice` by its own parser, `make` by its targets."""

import re
import shlex
from collections.abc import Sequence
from typing import Any

import pytest
from tests.support.documents import ROOT, shown
from typer.core import TyperGroup
from typer.main import get_command

from insta_voice.cli.main import app

TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _shown(program: str) -> list[Any]:
    """A parameter for each way the documents call `program`: its arguments, and whether they must be complete."""
    parameters = {}
    for document, arguments, block in shown(program):
        name = f"{document.relative_to(ROOT).as_posix()}: {shlex.join([program, *arguments])}"
        parameters[arguments, block] = pytest.param(arguments, block, id=name)
    return list(parameters.values())


def _complaint(arguments: Sequence[str], *, complete: bool) -> str | None:
    """What the command line has against the arguments; a mention in a sentence may leave some out, `[--k 10]`."""
    words = list(arguments) if complete else [word.strip("[]") for word in arguments]
    command: Any = get_command(app)
    try:
        while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
            name = words.pop(0)
            if (found := command.get_command(command.context_class(command), name)) is None:
                return f"there is no command {name!r}"
            command = found
        if complete:
            command.make_context("insta-voice", words)
        else:
            _, left, _ = command.make_parser(command.context_class(command)).parse_args(words)
            return f"{left} is too much" if left else None
    except Exception as error:  # typer's own copy of click has no public name for a usage error
        return str(error) or type(error).__name__
    return None


@pytest.mark.parametrize(("arguments", "complete"), _shown("insta-voice"))
def test_an_insta_voice_command_exists(arguments: tuple[str, ...], complete: bool) -> None:
    assert _complaint(arguments, complete=complete) is None


@pytest.mark.parametrize(("arguments", "complete"), _shown("make"))
def test_a_make_target_exists(arguments: tuple[str, ...], complete: bool) -> None:
    targets = {word for word in arguments if not word.startswith("-") and "=" not in word}
    assert targets <= TARGETS


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("wrong", ["knock", "kb serch", "kb list --jsn", "kb search hi --k", "kb list more"])
def test_what_does_not_exist_is_noticed(wrong: str, complete: bool) -> None:
    assert _complaint(wrong.split(), complete=complete)


def test_a_block_must_be_complete() -> None:
    assert _complaint(["kb", "ingest"], complete=True)
    assert _complaint(["kb", "ingest"], complete=False) is None


def test_the_documents_are_read() -> None:
    commands = {words[:2] for words, *_ in (parameter.values for parameter in _shown("insta-voice"))}
    assert {("up",), ("kb", "ingest"), ("db", "migrate")} <= commands
    assert {"run", "test", "demo"} <= {word for parameter in _shown("make") for word in parameter.values[0]}
