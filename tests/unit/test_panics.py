"""A panic in LiveKit's client once ended the whole run of the tests, and its message with it."""

import signal

from livekit.rtc import _ffi_client
from tests.support.panics import panics


def test_the_run_goes_on_and_the_message_is_kept() -> None:
    # As the client does when the panic is reported to it.
    _ffi_client.print("FFI Panic: ", "boom")  # type: ignore[attr-defined]
    _ffi_client.os.kill(_ffi_client.os.getpid(), signal.SIGTERM)
    kept = panics.pop()
    assert kept.startswith("tests/unit/test_panics.py::test_the_run_goes_on")
    assert kept.endswith("FFI Panic:  boom")
