"""`insta-voice init`: asks a few questions, has each answer examined at once, and writes `.env`."""

import asyncio
import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from insta_voice.cli.printing import on_one_line
from insta_voice.command import command
from insta_voice.doctor import env_file
from insta_voice.doctor.candidate import settings_with
from insta_voice.doctor.findings import Finding, has_problem
from insta_voice.doctor.known import known_variables, read_env_file
from insta_voice.doctor.questions import DEMO_COMPANY, MAKES_ONE, TOPICS, Question, Topic
from insta_voice.doctor.surroundings import look_around
from insta_voice.errors import InvalidInputError

app = typer.Typer(add_completion=False)

SECRET_BYTES = 32  # 256 bits, as much as the HMAC-SHA256 that it is for
CLEAR = "-"


@app.command()
def init(
    non_interactive: Annotated[bool, typer.Option("--non-interactive", help="ask nothing; for scripts")] = False,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="a setting; may be repeated")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="change an .env that exists without asking")] = False,
    check: Annotated[bool, typer.Option(help="examine each answer at once")] = True,
) -> None:
    """Connect your own services: asks for each, tries it, and writes .env, which only you may read.

    Enter keeps what is set, or uses what runs on this machine; - clears. An .env that exists keeps its other lines,
    and a copy. With --non-interactive the answers come from --set and from the environment.

    Example: OPENAI_API_KEY=sk-… insta-voice init --non-interactive --set COMPANY_NAME=Acme
    """
    path = Path(".env")
    written = read_env_file(path)
    before = dict(written.values) if written else {}
    given = _parse(assignments or [])
    if non_interactive:
        answers = {**{name: os.environ[name] for name in _asked_variables() if os.environ.get(name)}, **given}
        answers |= _made(before | answers)
        _examine_all(before | answers, answers, check=check)
    else:
        answers = _hold_dialogue(before, given, check=check)
    changed = {name: value for name, value in answers.items() if before.get(name, "") != value}
    if not changed:
        print("Nothing to write.")
        return
    _write(path, changed, exists=written is not None, overwrite=overwrite, interactive=not non_interactive)
    _say_what_next(before | answers)


def _hold_dialogue(before: Mapping[str, str], given: Mapping[str, str], *, check: bool) -> dict[str, str]:
    print(
        "Enter keeps what stands in brackets; where nothing does, what runs on this machine is used. "
        f"{CLEAR} clears. Ctrl-C writes nothing."
    )
    answers = dict(given)
    for topic in TOPICS:
        if not topic.questions[0].asked({**before, **answers}):
            continue
        print(f"\n{topic.title}: {topic.about}")
        while True:
            attempt = _ask_topic(topic, before, answers)
            if not check or _is_kept(topic, {**before, **answers, **attempt}, attempt):
                answers |= attempt
                break
    return answers


def _ask_topic(topic: Topic, before: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    attempt: dict[str, str] = {}
    for number, question in enumerate(topic.questions):
        now = {**before, **answers, **attempt}
        if not question.asked(now):
            continue
        attempt[question.variable] = _ask(question, now.get(question.variable, ""))
        if number == 0 and not attempt[question.variable]:
            break
    return attempt


def _ask(question: Question, current: str) -> str:
    shown = "set; Enter keeps it" if question.hidden and current else current or question.default
    prompt = f"  {question.text}" + (f" [{shown}]" if shown else "")
    typed = typer.prompt(prompt, default="", show_default=False, hide_input=question.hidden).strip()
    if typed == CLEAR:
        return ""
    if not typed and not current and question.variable in MAKES_ONE:
        return secrets.token_hex(SECRET_BYTES)
    return typed or current


def _is_kept(topic: Topic, values: Mapping[str, str], attempt: Mapping[str, str]) -> bool:
    """Whether these answers are to be used: they pass, or the person says so."""
    if not any(attempt.values()):
        return True
    findings = _examine(topic, values)
    _say(findings)
    return not has_problem(findings) or typer.confirm("  Use this all the same?", default=False)


def _examine_all(values: Mapping[str, str], answers: Mapping[str, str], *, check: bool) -> None:
    settings_with(values)
    for topic in TOPICS if check else ():
        if any(question.variable in answers for question in topic.questions):
            findings = _examine(topic, values)
            _say(findings)
            if has_problem(findings):
                raise InvalidInputError("Nothing was written. Correct what is said above, or add --no-check.")


def _examine(topic: Topic, values: Mapping[str, str]) -> list[Finding]:
    try:
        surroundings = look_around(settings_with(values))
    except InvalidInputError as error:
        return [Finding("settings", "problem", error.message)]

    async def ask() -> list[Finding]:
        from insta_voice.doctor.examine import bounded

        found = await asyncio.gather(*(bounded(topic.title, asked(surroundings)) for asked in topic.checks))
        return [finding for findings in found for finding in findings]

    return asyncio.run(ask())


def _say(findings: Sequence[Finding]) -> None:
    for finding in findings:
        mend = f" {on_one_line(finding.mend)}" if finding.mend else ""
        print(f"  {finding.level}: {on_one_line(finding.sentence)}{mend}")


def _parse(assignments: Sequence[str]) -> dict[str, str]:
    known, given = known_variables(), {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or name not in known:
            raise InvalidInputError(f"--set {name} is no setting. Write --set NAME=VALUE with a name of .env.example.")
        given[name] = value
    return given


def _asked_variables() -> list[str]:
    return [question.variable for topic in TOPICS for question in topic.questions]


def _made(values: Mapping[str, str]) -> dict[str, str]:
    """The secret that a webhook without one is given."""
    if values.get("TICKET_WEBHOOK_URL") and not values.get("TICKET_WEBHOOK_SECRET"):
        return {"TICKET_WEBHOOK_SECRET": secrets.token_hex(SECRET_BYTES)}
    return {}


def _write(path: Path, changed: Mapping[str, str], *, exists: bool, overwrite: bool, interactive: bool) -> None:
    if exists and not overwrite:
        names = ", ".join(changed)
        if not interactive:
            raise InvalidInputError(f".env exists, and {names} would change in it. Add --overwrite to let it.")
        if not typer.confirm(f"\nChange {names} in .env? A copy of it is kept.", default=True):
            print("Nothing was written.")
            raise typer.Exit(1)
    text = path.read_text("utf-8") if exists else None
    backup = env_file.write(path, env_file.merged(text, changed), now=datetime.now().astimezone())
    print(f"\nWrote {len(changed)} settings to .env" + (f"; the old one is {backup}." if backup else "."))


def _say_what_next(values: Mapping[str, str]) -> None:
    steps = [("doctor", "examine everything together")]
    if values.get("DATABASE_URL"):
        steps.insert(0, ("db migrate", "prepare the database"))
    if values.get("COMPANY_NAME", DEMO_COMPANY) != DEMO_COMPANY:
        steps.append(("kb ingest ./articles", "your help articles"))
    if values.get("FIREBASE_PROJECT_ID"):
        steps.append(("users role you@example.com admin", "the first admin"))
        if values.get("SIGNUP", "known") != "open":
            steps.append(("users import customers.csv", "who may call"))
    steps.append(("up", "start, or stop and start, with these settings"))
    width = max(len(command(arguments)) for arguments, _ in steps)
    print("What next:")
    for arguments, why in steps:
        print(f"  {command(arguments):<{width}}  # {why}")
