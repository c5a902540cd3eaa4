"""The command line: one file per noun, thin over the capabilities; output for people and, with --json, machines.

Commands are imported when they are called, so that `insta-voice --help` does not load the speech models.
"""

from insta_voice.cli.main import main

__all__ = ["main"]
