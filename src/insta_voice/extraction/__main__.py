"""`python -m insta_voice.extraction`: the process that reads documents, started by Extractor and ended by it."""

from insta_voice.extraction.readers import READERS
from insta_voice.extraction.readers.warm_up import warm_up
from insta_voice.extraction.serving import serve

warm_up()
serve(READERS)
