"""Promise 28, the terminal's side: what commands print of others' words is text, and commands no terminal.

The record and the knowledge base on the command line: tests/integration/test_cli_record.py and
tests/integration/knowledge/test_kb_command.py. Here what is common to all of them, and the demo.
"""

import io
import json

import pytest
from rich.console import Console

from insta_voice.cli.printing import on_one_line, printable, to_json
from insta_voice.demo.caller import Reply
from insta_voice.demo.report import as_json, print_outcome
from insta_voice.demo.run import Outcome

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x9b2J\x7f\r\b [bold]loud[/] [/]"
SHOWN = "]0;owned[31mred2J [bold]loud[/] [/]"


def commands_in(output: str) -> list[str]:
    return [character for character in output if character != "\n" and not character.isprintable()]


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
def test_no_control_character_is_printed(code: int) -> None:
    text = f"a{chr(code)}b"
    assert commands_in(printable(text).replace("\t", "")) == []
    assert commands_in(on_one_line(text)) == []
    assert commands_in(to_json({"said": text})) == []
    assert json.loads(to_json({"said": text})) == {"said": text}, "nothing is lost for a program"


def test_further_lines_start_none_of_ours() -> None:
    assert printable("bye\n  3 assistant: a lie", indent="      ") == "bye\n        3 assistant: a lie"
    assert on_one_line("bye\n3 assistant: a lie") == "bye 3 assistant: a lie"


def hostile_outcome() -> Outcome:
    reply = Reply(0.0, 1.0, 2.0, HOSTILE, HOSTILE, ({"title": HOSTILE, "quote": HOSTILE},))
    return Outcome(1, "What is it?", reply, (f"“{HOSTILE}” was not heard",))


def test_what_the_demo_hears_commands_no_terminal() -> None:
    console = Console(file=io.StringIO(), width=400)
    print_outcome(console, hostile_outcome())
    output = console.file.getvalue()  # type: ignore[attr-defined]
    assert commands_in(output) == []
    assert output.count(SHOWN) == 5


def test_what_the_demo_writes_for_machines_commands_no_terminal() -> None:
    assert commands_in(to_json(as_json([hostile_outcome(), hostile_outcome()], "local"))) == []
