"""A Python environment in `.tools`, beside the product's own, for those we are measured against: locked by hashes,
brought when it is missing or old.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
_UV = CHECKOUT / ".tools" / "uv" / "bin" / "uv"


@dataclass(frozen=True, slots=True)
class Environment:
    """`requirements` is what uv compiled, `size` what a person is told of the download, `variables` what its programs
    are started with. With `product` this checkout is installed too, whose own requirements are then among them.
    """

    name: str
    requirements: Path
    size: str
    variables: Mapping[str, str] = field(default_factory=dict)
    product: bool = False

    @property
    def folder(self) -> Path:
        """Where it is."""
        return CHECKOUT / ".tools" / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def bring(self) -> None:
        """Install what is locked, and this checkout where that is wanted, unless that is there already."""
        installed = self.folder / "requirements.txt"
        if installed.is_file() and installed.read_bytes() == self.requirements.read_bytes():
            return
        print(f"bringing {self.name} into .tools/{self.name} ({self.size}, once)", flush=True)
        into = ("--quiet", "--python", str(self.python))
        commands: list[tuple[str, ...]] = [
            ("venv", "--quiet", "--clear", "--python", sys.executable, str(self.folder)),
            ("pip", "sync", *into, "--require-hashes", str(self.requirements)),
        ]
        if self.product:
            commands.append(("pip", "install", *into, "--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT)))
        for command in commands:
            subprocess.run([_UV, *command], check=True)
        shutil.copyfile(self.requirements, installed)

    def enter(self, module: str, arguments: Sequence[str]) -> None:
        """Go on in it as `python -m module`, with its variables set; returns there."""
        if Path(sys.prefix) != self.folder or any(os.environ.get(name) != one for name, one in self.variables.items()):
            command = [str(self.python), "-m", module, *arguments]
            os.execve(self.python, command, {**os.environ, **self.variables})  # noqa: S606 - our own module, no shell
