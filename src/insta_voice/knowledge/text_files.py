"""A file that a command names, as text."""

from pathlib import Path

from insta_voice.errors import InvalidInputError


def read_text_file(path: Path) -> str:
    """What it says, without a byte order mark. InvalidInputError when it is not there, or no text."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise InvalidInputError(f"There is nothing at {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read as text.") from error
