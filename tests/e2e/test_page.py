"""The page in a real Chromium against the whole stack: a spoken call heard both ways, every page, every refusal."""

import pytest
from tests.support.page import E2E, SPEC_WITHIN_S, run_spec
from tests.support.stack import RunningStack

SPECS = sorted(path.name for path in E2E.glob("*.spec.ts"))


@pytest.mark.timeout(SPEC_WITHIN_S + 60)
@pytest.mark.parametrize("spec", SPECS)
def test_the_browser_tests_pass(running_stack: RunningStack, spec: str) -> None:
    """web/e2e: sign up, speak, listen, read, type, hang up, see and delete what is stored; every page and refusal."""
    run_spec(running_stack, spec)
