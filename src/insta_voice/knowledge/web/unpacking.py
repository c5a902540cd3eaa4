"""Gzip, unpacked no further than is wanted: a few kilobytes of it can stand for gigabytes."""

import zlib

from insta_voice.errors import InvalidInputError

_GZIP = 31  # zlib's way to say: gzip, with the largest window
_MAGIC = b"\x1f\x8b"


class Unpacker:
    """One gzip stream, piece by piece; of several members in a row, as gzip allows."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)

    def unpack(self, piece: bytes, most: int) -> bytes:
        """What `piece` adds, cut off at `most` bytes (at least 1). After a cut nothing more can be asked."""
        unpacked = bytearray()
        try:
            while piece and len(unpacked) < most:
                unpacked += self._member.decompress(piece, most - len(unpacked))
                piece = self._member.unused_data
                if self._member.eof and piece:
                    if not piece.startswith(_MAGIC):
                        break  # what some servers leave behind the end
                    self._member = zlib.decompressobj(_GZIP)
                elif not self._member.eof:
                    break
        except zlib.error:
            raise InvalidInputError("It is not packed as it says: the gzip is broken.") from None
        return bytes(unpacked)

    @property
    def is_whole(self) -> bool:
        """Whether the stream came to its end."""
        return self._member.eof


def unpack_whole(packed: bytes, most: int) -> bytes:
    """A whole gzip file. InvalidInputError when it is broken, cut off, or longer than `most` bytes."""
    unpacker = Unpacker()
    unpacked = unpacker.unpack(packed, most + 1)
    if len(unpacked) > most:
        raise InvalidInputError(f"Unpacked it is larger than {most / 1_000_000:g} MB.")
    if not unpacker.is_whole:
        raise InvalidInputError("It is cut off: the gzip has no end.")
    return unpacked
