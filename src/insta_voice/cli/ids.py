"""Ids as they are typed."""

from uuid import UUID

from insta_voice.errors import InvalidInputError


def read_id(text: str, otherwise: str) -> UUID:
    """The id that `text` is; InvalidInputError with the sentence `otherwise`."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError(otherwise) from None
