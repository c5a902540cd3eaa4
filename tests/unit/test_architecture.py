"""What import-linter cannot say: which of LiveKit's packages goes where, and that SQL stands in .sql files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "insta_voice"
MODULES = sorted(SOURCE.rglob("*.py"))

ALLOWED = {
    "livekit.api": ("auth/livekit/",),
    "livekit.agents": ("agent/", "voice/", "evals/"),
    "livekit.plugins": ("agent/", "voice/"),
    "livekit.rtc": ("agent/", "voice/", "demo/", "evals/", "doctor/media_probe.py"),
}
STATEMENT = re.compile(r"\s*(select|insert into|update|delete from|create|alter|drop|grant)\s", re.IGNORECASE)


def _imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("package", "places"), ALLOWED.items())
def test_livekit_is_imported_only_where_it_belongs(package: str, places: tuple[str, ...]) -> None:
    users = {
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in _imports(module))
    }
    assert users, f"nothing imports {package}: the check looks in the wrong place"
    assert [user for user in users if not user.startswith(places)] == []


def test_sql_stands_in_sql_files() -> None:
    """A sentence of prose may begin with “Select”; a statement goes on with from, set, into or a table."""
    found = []
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if STATEMENT.match(text) and re.search(
                r"\b(from|into|set|table|role|database|function)\b|\$\d|%s", text[7:]
            ):
                found.append(f"{module.relative_to(SOURCE)}: {text[:60]!r}")
    assert found == []


def test_every_room_of_the_house_says_what_lives_there() -> None:
    folders = {module.parent for module in MODULES}
    silent = [
        folder.relative_to(SOURCE).as_posix()
        for folder in folders
        if not (folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    ]
    assert silent == []
