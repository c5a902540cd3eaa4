"""What `make test-deploy` runs: minutes, root and Debian's tools. The rest of deploy/ is tested by `make test`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.image import Builder, Image, require_programs


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    """deploy/Containerfile, built."""
    require_programs()
    # Not in pytest's folder, which keeps the last three: an image is 1.5 GB.
    with tempfile.TemporaryDirectory(prefix="insta-voice-image-") as folder:
        builder = Builder(Path(folder))
        yield builder.build()
        builder.remove()
