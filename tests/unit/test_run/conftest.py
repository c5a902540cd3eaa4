"""The modules of scripts/run_tests, as they see each other."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "run_tests"))
