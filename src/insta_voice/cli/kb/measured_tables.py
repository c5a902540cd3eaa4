"""How `kb eval` prints what it measured, for people."""

import math
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from insta_voice.cli.printing import on_one_line
from insta_voice.knowledge.measuring import MEASURES, Measure, Measured, Run, Wrong, worst

_LONGEST_TEXT = 100  # a whole letter as a question is known by how it begins
_INTERVALS = (
    "Second minus first, with the 95 % interval of a paired bootstrap. One that holds 0 shows no difference; * marks"
    " the others."
)


def print_measured(console: Console, measured: Measured, *, thresholds: bool, count: int) -> None:
    """Every figure, of two settings side by side; what each threshold would cost; the `count` worst questions."""
    answerable = sum(question.answerable for question in measured.questions)
    asked = len(measured.questions)
    _say(console, f"{asked} questions, {answerable} with an answer and {asked - answerable} without.")
    first, *others = measured.runs
    named = list(zip(("First setting", "Second setting") if others else ("Setting",), measured.runs, strict=True))
    for name, run in named:
        _say(console, f"{name}: {_told(run)}")
    console.print(_beside(first, others[0], measured) if others else _figures(first))
    if others:
        _say(console, _INTERVALS)
    for name, run in named:
        if run is first or not run.setting.searches_like(first.setting):
            _say(console, f"\n{name}: how sure, and how often the first article was an expected one.")
            console.print(_reliability(run))
            if thresholds:
                _say(console, f"\n{name}: what answering only when at least so sure costs and brings (* is in use).")
                console.print(_thresholds(run))
    for name, run in named:
        if wrong := worst(run.asked, run.setting.confidence, count):
            _say(console, f"\n{name}: what went most wrong.")
            for line in _lines(wrong):
                _say(console, line)


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _told(run: Run) -> str:
    found_with = [f"{on_one_line(index)} ({questions})" for index, questions in sorted(run.asked_of.items())]
    if found_nothing := len(run.asked) - sum(run.asked_of.values()):
        found_with.append(f"nothing ({found_nothing})")
    return (
        f"answered when at least {_percent(run.setting.confidence)} sure, for {', '.join(run.setting.audiences)},"
        f" found with {', '.join(found_with)}."
    )


def _figures(run: Run) -> Table:
    table = _table("measure", "figure")
    table.add_column("")
    for name, measure in MEASURES.items():
        table.add_row(measure.label, _figure(measure, run.figures[name]), measure.says)
    return table


def _beside(first: Run, second: Run, measured: Measured) -> Table:
    table = _table("measure", "first", "second", "difference", "from", "to", "")
    for name, measure in MEASURES.items():
        cells = [_figure(measure, run.figures[name]) for run in (first, second)]
        if found := measured.differences.get(name):
            cells += [_figure(measure, value, "+") for value in (found.difference, found.low, found.high)]
            cells += ["*" if found.is_shown else ""]
        table.add_row(measure.label, *cells)
    return table


def _reliability(run: Run) -> Table:
    table = _table("sure", "questions", "mean", "right")
    for row in run.reliability:
        sure = f"{100 * row.low:.0f} to {_percent(row.high)}"
        table.add_row(sure, str(row.questions), _percent(row.confidence), _percent(row.right))
    return table


def _thresholds(run: Run) -> Table:
    columns = ("answered", "right", "wrong_article", "false_answers", "false_refusals")
    table = _table("at least", *(MEASURES[name].label for name in columns))
    for row in run.thresholds:
        in_use = "*" if row.threshold == run.setting.confidence else " "
        shares = (_figure(MEASURES[name], getattr(row, name)) for name in columns)
        table.add_row(f"{_percent(row.threshold)} {in_use}", *shares)
    return table


def _lines(wrong: Sequence[Wrong]) -> Iterator[str]:
    for one in wrong:
        text = on_one_line(one.question.text)
        text = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
        name = f"line {one.question.line}" if one.question.id is None else on_one_line(str(one.question.id))
        yield f"{one.fault}, {_percent(one.confidence)} sure: {text} ({name})"
        expected = ", ".join(f"{on_one_line(article_id)} {_place(place)}" for article_id, place in one.places.items())
        yield f"    expected: {expected or 'no answer'}"
        found = (f"{on_one_line(article.title)} [{on_one_line(article.article_id)}]" for article in one.found)
        yield f"    found: {', '.join(found) or 'nothing'}"


def _place(place: int | None) -> str:
    return f"(place {place})" if place else "(not among the first 10)"


def _figure(measure: Measure, value: float, sign: str = "") -> str:
    if math.isnan(value):
        return "-"
    match measure.unit:
        case "share":
            return _percent(value, 1, sign)
        case "ms":
            return f"{round(value, 1) + 0.0:{sign}.1f} ms"
        case "score":
            return f"{round(value, 3) + 0.0:{sign}.3f}"


def _percent(value: float, digits: int = 0, sign: str = "") -> str:
    return f"{round(100 * value, digits) + 0.0:{sign}.{digits}f} %"  # + 0.0: no "-0"


def _table(name: str, *figures: str) -> Table:
    table = Table(name, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for figure in figures:
        table.add_column(figure, justify="right", no_wrap=True)
    return table
