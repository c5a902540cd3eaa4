"""deploy/Containerfile, read as text: what must never stand there. `make test-deploy` runs its steps."""

import re
from pathlib import Path

from insta_voice.cli.main import COMMANDS

ROOT = Path(__file__).parents[3]
FILE = ROOT / "deploy" / "Containerfile"
# One instruction a line, comments and line breaks gone.
INSTRUCTIONS = [
    line for line in re.sub(r"\\\n\s*", "", FILE.read_text()).splitlines() if line.strip() and not line.startswith("#")
]
STAGES = [line.split(" AS ")[-1] for line in INSTRUCTIONS if line.startswith("FROM ")]
LAST = INSTRUCTIONS[max(i for i, line in enumerate(INSTRUCTIONS) if line.startswith("FROM ")) :]


def test_nothing_is_fetched_but_by_package_managers() -> None:
    for line in INSTRUCTIONS:
        assert not line.startswith("ADD "), line
        assert not re.search(r"\b(curl|wget|git clone)\b|https?://|\|\s*(ba)?sh\b", line), line


def test_packages_are_installed_by_hash() -> None:
    installs = [
        command
        for line in INSTRUCTIONS
        for command in line.removeprefix("RUN ").split("&&")
        if re.search(r"\bpip (install|sync)\b|\bnpm (ci|i|install)\b", command)
    ]
    assert len(installs) >= 3
    for command in installs:
        assert re.search(r"--require-hashes|npm ci|--no-deps --no-build-isolation --editable \.", command), command


def test_it_runs_as_nobody_in_particular() -> None:
    assert [line for line in LAST if line.startswith("USER ")] == ["USER 10001:10001"]
    assert LAST.index("USER 10001:10001") > max(i for i, line in enumerate(LAST) if line.startswith(("COPY", "RUN")))
    assert LAST[-1] == 'ENTRYPOINT ["insta-voice"]'


def test_nothing_of_the_build_but_its_result_is_shipped() -> None:
    """The last stage begins anew: no compiler, no npm, no package cache."""
    assert LAST[0] == "FROM python"
    assert [line.split()[1:3] for line in LAST if line.startswith("COPY --from")] == [
        ["--from=packages", "/app"],
        ["--from=page", "/src/web/dist/"],
    ]


def test_no_secret_is_built_in() -> None:
    for line in INSTRUCTIONS:
        if line.startswith(("ENV ", "ARG ")):
            assert not re.search(r"(?i)secret|password|token|api_?key|database_url", line), line


def test_its_variables_are_settings() -> None:
    known = (ROOT / ".env.example").read_text()
    said = {name for line in LAST if line.startswith("ENV ") for name in re.findall(r"\b((?:INSTA|VOICE)_\w+)=", line)}
    assert said
    assert {name for name in said if f"\n{name}=" not in known} == set()


def test_what_it_copies_is_there_and_let_in() -> None:
    let_in = [
        line.removeprefix("!").split("/")[0]
        for line in FILE.with_name("Containerfile.dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for line in INSTRUCTIONS:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in let_in, source


def test_bases_can_be_pinned() -> None:
    bases = [line.split()[1] for line in INSTRUCTIONS if line.startswith("FROM ")]
    assert {base for base in bases if base not in STAGES} == {"${DEBIAN}", "${NODE}"}


def test_the_comment_names_real_commands() -> None:
    named = re.findall(r"which \(([^)]*), …\)", FILE.read_text())[0]
    assert {command.split()[0] for command in named.split(", ")} <= COMMANDS.keys()
