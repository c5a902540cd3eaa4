"""The whole product, started once for all end-to-end tests."""

from pathlib import Path

import pytest
from tests.support.stack import running_stack
from tests.support.whole_stack import restarted, stack

__all__ = ["restarted", "running_stack", "stack"]

# The first test waits for the stack: initdb, every model, every article, on two cores.
TIMEOUT_S = 420


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="order and small delays of the faults of test_fire.py")
    parser.addoption("--whole", action="store_true", help="all rows of test_fire.py instead of a few: about an hour")
    parser.addoption("--table", type=Path, help="a file for the table of test_fire.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))
