"""The process that reads: it has loaded the parsers once, reads no document itself, and forks a child for each.

Loading the parsers takes more than a second, a fork of them some milliseconds (docs/formats.md). A document's child has
memory of its own, so that a document can reach neither another's text nor what is read after it.
"""

import gc
import logging
import os
import sys
from collections.abc import Mapping

from insta_voice.extraction.child import Reader, read_in_child
from insta_voice.extraction.kinds import Kind
from insta_voice.extraction.wire import READY, Request

# Calls go before documents: a whole document takes the processor for seconds.
_NICENESS = 10


def serve(readers: Mapping[Kind, Reader]) -> None:
    """Answer requests on standard input until it ends."""
    logging.disable()  # parsers tell of every oddity of a document, and quote it
    os.nice(_NICENESS)
    gc.freeze()  # what is loaded stays shared with the children
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    while line := requests.readline():
        request = Request.from_line(line)
        payload = read_in_child(readers, request.kind, requests.read(request.size_bytes), request.bounds)
        answers.write(b"%d\n" % len(payload))
        answers.write(payload)
        answers.flush()
