"""What parsers load only when a document asks for it: the child that meets the document can open no file any more."""

import codecs
import importlib
from contextlib import suppress
from encodings.aliases import aliases

from trafilatura.external import jt_stoplist_init

_ON_DEMAND = ("xml.dom.expatbuilder",)  # by the standard library, at the first document of Word


def warm_up() -> None:
    """Load the codecs that a page may name, modules, and the words by which trafilatura tells text from furniture."""
    for encoding in set(aliases.values()):
        with suppress(LookupError):  # Windows has codecs of its own
            codecs.lookup(encoding)
    for module in _ON_DEMAND:
        importlib.import_module(module)
    jt_stoplist_init()
