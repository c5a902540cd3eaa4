"""Set-up is a folder of plain scripts that run before anything is installed: it is imported by path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts" / "setup"))
