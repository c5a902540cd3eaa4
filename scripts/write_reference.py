"""`python scripts/write_reference.py [--check]`: the parts of docs/ that the code already says.

docs/configuration.md whole, from the settings; the tables of docs/troubleshooting.md between their marks, from the
sentences in the source: what doctor finds, and what parts and commands end with instead of starting. With --check
nothing is written, and the exit code is 1 when something is out of date. Sentences are read from the syntax tree, so
that one that is rarely said is not forgotten; what is put into a sentence when it is said stands there as an ellipsis.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from insta_voice.doctor.answers import WHY
from insta_voice.settings import GROUPS
from insta_voice.wrong_settings import is_secret, variable_of

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "insta_voice"
CONFIGURATION = ROOT / "docs" / "configuration.md"
TROUBLESHOOTING = ROOT / "docs" / "troubleshooting.md"
# Where a reason not to start is a sentence that a function gives back; elsewhere it is raised.
REASONS = (
    "auth/safety.py",
    "auth/signup_reasons.py",
    "auth/demo_people.py",
    "company/checks.py",
    "company/languages.py",
    "costs/checks.py",
    "outgoing/checks.py",
    "stack/machine.py",
)
LEVELS = ("problem", "warning")

HEAD = """# Every setting

Settings are environment variables, or lines of `.env` in the directory where `insta-voice` is called; the environment
comes first. A secret may also be a file of the variable's name in `/run/secrets` or systemd's credentials directory.
Empty means the default. `insta-voice init` asks for the ones most need; `insta-voice doctor` says which are wrong.

This page is written by `python scripts/write_reference.py` from `src/insta_voice/settings/`.
"""


@dataclass(frozen=True, order=True)
class Said:
    """A sentence of the source with what belongs to it; `level` is empty for a reason not to start."""

    part: str
    level: str
    sentence: str
    mend: str


def configuration() -> str:
    """docs/configuration.md."""
    pieces = [HEAD]
    for group in GROUPS:
        pieces.append(
            f"\n## {_title(group.__name__)}\n\n{group.__doc__}\n\n| variable | default | meaning |\n|---|---|---|\n"
        )
        for name, field in group.model_fields.items():
            default = "" if field.default in (None, ()) else f"`{_shown(field.default)}`"
            secret = " Secret." if is_secret(field) else ""
            meaning = (field.description or "").replace("|", "\\|")
            pieces.append(f"| `{variable_of(group, name)}` | {default} | {meaning}{secret} |\n")
    return "".join(pieces)


def _title(class_name: str) -> str:
    words = class_name.removesuffix("Settings")
    return {"OpenAI": "OpenAI", "LiveKit": "LiveKit", "Notify": "Tickets", "Access": "Limits"}.get(words, words)


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def troubleshooting(text: str) -> str:
    """`text` with its tables written anew."""
    text = _between(text, "doctor", _findings())
    text = _between(text, "silences", _silences())
    return _between(text, "refusals", _refusals())


def _between(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"docs/troubleshooting.md lacks the marks {begin.strip()} and {end}.")
    return f"{before}{begin}{table}{end}{after}"


def _findings() -> str:
    lines = ["| part | doctor says | what to do |\n", "|---|---|---|\n"]
    for said in sorted({said for path in sorted((SOURCE / "doctor").glob("*.py")) for said in _said_in(path)}):
        mark = "" if said.level == "problem" else " *(warning)*"
        lines.append(f"| {said.part.replace('…', 'any')} | {_cell(said.sentence)}{mark} | {_cell(said.mend)} |\n")
    return "".join(lines)


def _silences() -> str:
    lines = ["| it is not reached: | what to do |\n", "|---|---|\n"]
    return "".join([*lines, *(f"| {what} | {_cell(mend)} |\n" for what, mend in WHY.values())])


def _refusals() -> str:
    reasons = [SOURCE / name for name in REASONS]
    found = [sentence for path in reasons for sentence in _reasons_in(path)]
    for path in sorted(SOURCE.rglob("*.py")):
        if path not in reasons:
            found += _raised_in(path)
    return "".join(f"- {_cell(sentence)}\n" for sentence in dict.fromkeys(found))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _said_in(path: Path) -> Iterator[Said]:
    """Every `problem(…)` and `warning(…)` of a module."""
    module = ast.parse(path.read_text("utf-8"))
    for scope in [
        module,
        *(node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)),
    ]:
        names = {**_constants(module), **_constants(scope)}
        for node in ast.walk(scope):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LEVELS):
                continue
            if scope is module and not _is_at_the_top(module, node):
                continue
            if len(node.args) == 3 and not any(isinstance(argument, ast.Starred) for argument in node.args):
                part, sentence, mend = (_text(argument, names) for argument in node.args)
                if sentence.strip("…"):
                    yield Said(part, node.func.id, sentence, mend)


def _is_at_the_top(module: ast.Module, call: ast.Call) -> bool:
    return any(
        call in ast.walk(statement) for statement in module.body if isinstance(statement, ast.Assign | ast.AnnAssign)
    )


def _constants(scope: ast.AST) -> dict[str, ast.expr]:
    """What names stand for: the assignments of a scope."""
    found: dict[str, ast.expr] = {}
    for node in ast.iter_child_nodes(scope) if isinstance(scope, ast.Module) else ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _text(node: ast.expr, names: dict[str, ast.expr]) -> str:
    """A string expression as it is read, with … for what is put in when it is said."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(value, names) for value in values)
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="command"), args=[argument])):
            return f"insta-voice {_text(argument, names)}"
        case ast.FormattedValue(value=ast.Name(id=name)) if name.isupper() and name in names:
            return _text(names[name], names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left, names) + _text(right, names)
        case ast.Name(id=name) if name in names:
            return _text(names[name], {other: value for other, value in names.items() if other != name})
    return "…"


def _reasons_in(path: Path) -> Iterator[str]:
    """Every sentence that a module yields, returns or raises as a reason not to start."""
    module = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(module):
        match node:
            case ast.Yield(value=ast.expr() as value) | ast.Return(value=ast.expr() as value):
                yield from _sentence(value, _constants(module))
            case ast.Call(func=ast.Name(id="ConfigurationError"), args=[value, *_]):
                yield from _sentence(value, _constants(module))


def _raised_in(path: Path) -> Iterator[str]:
    """Every sentence with which a module refuses the settings or the machine."""
    module = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id="ConfigurationError"), args=[value, *_]):
                yield from _sentence(value, _constants(module))


def _sentence(value: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    text = _text(value, names)
    if " " in text and text.strip("…"):
        yield text


def main(arguments: list[str]) -> int:
    wanted = {
        CONFIGURATION: configuration(),
        TROUBLESHOOTING: troubleshooting(TROUBLESHOOTING.read_text("utf-8")),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(
            f"{path.relative_to(ROOT)} is out of date"
            if arguments == ["--check"]
            else f"wrote {path.relative_to(ROOT)}"
        )
        if arguments != ["--check"]:
            path.write_text(wanted[path], "utf-8")
    return 1 if stale and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
