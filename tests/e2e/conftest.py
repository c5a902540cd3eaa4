"""The whole product, started once for all end-to-end tests."""

import pytest
from tests.support.stack import running_stack

__all__ = ["running_stack"]

# The first test waits for the stack: initdb, every model, every article, on two cores.
TIMEOUT_S = 420


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))
