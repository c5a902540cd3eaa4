"""The bar that is shown on a terminal while something takes its time."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from insta_voice.cli.printing import on_one_line
from insta_voice.knowledge.report import Progress as Show

LOADING = "Loading articles"
_ERR = Console(stderr=True)


@contextmanager
def progress_bar(doing: str) -> Iterator[Show]:
    """To be told how many of how many are done, and what is next."""
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=escape(on_one_line(name)))

        yield show
