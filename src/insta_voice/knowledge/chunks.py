"""Blocks into chunks: passages of about 160 words under one heading, and the sentences each is made of.

160 words with their title are what the retrieval figures in bench/README.md were measured with. The local models read
512 and 256 word pieces: help articles take 150 to 400 for such a passage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from insta_voice.knowledge.markdown import Block, parse_blocks
from insta_voice.knowledge.sentences import split_sentences

CHUNK_WORDS = 160
# Changes of what is indexed for the same text must reach articles that did not change: count this up.
CHUNKER_VERSION = 1
# A sentence's vector stands for its beginning when it is longer: logs and legal text have no sentence end.
_SENTENCE_WORDS = 60
# As of a title. Every chunk is indexed with its headings: a longer one would be kept, and read, thousands of times.
_HEADING_CHARACTERS = 300
HEADING_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to search and cite. `heading` is the path under the article's title, joined by " › "."""

    heading: str
    text: str
    sentences: tuple[str, ...]


def make_chunks(title: str, markdown: str) -> list[Chunk]:
    """The chunks of an article in reading order; an article without a text is its title."""
    chunks = []
    for headings, blocks in groupby(parse_blocks(markdown), key=lambda block: block.headings):
        heading = HEADING_SEPARATOR.join(h[:_HEADING_CHARACTERS] for h in headings if h != title)
        chunks += [_chunk(heading, packed) for packed in _pack(_cut(blocks))]
    return chunks or [Chunk("", title, (title,))]


def embedded_text(title: str, chunk: Chunk) -> str:
    """What a chunk's vector and postings are made of: a passage says what it is about only with its titles."""
    return "\n".join(part for part in (title, chunk.heading, chunk.text) if part)


def embedded_sentence(sentence: str) -> str:
    """What a sentence's vector is made of."""
    return " ".join(sentence.split()[:_SENTENCE_WORDS])


def _cut(blocks: Iterable[Block]) -> Iterable[Block]:
    """Blocks of at most CHUNK_WORDS: a longer one is cut between its sentences, a longer sentence between words."""
    for block in blocks:
        if block.words <= CHUNK_WORDS:
            yield block
            continue
        piece: list[str] = []
        words = 0
        for part in _sentence_parts(block.text):
            more = len(part.split())
            if piece and words + more > CHUNK_WORDS:
                yield Block(" ".join(piece), block.headings, block.marker)
                piece, words = [], 0
            piece.append(part)
            words += more
        yield Block(" ".join(piece), block.headings, block.marker)


def _sentence_parts(text: str) -> Iterable[str]:
    for sentence in split_sentences(text):
        words = sentence.split()
        if len(words) <= CHUNK_WORDS:
            yield sentence
        else:
            yield from (" ".join(words[i : i + CHUNK_WORDS]) for i in range(0, len(words), CHUNK_WORDS))


def _pack(blocks: Iterable[Block]) -> Iterable[list[Block]]:
    packed: list[Block] = []
    words = 0
    for block in blocks:
        more = block.words
        if packed and words + more > CHUNK_WORDS:
            yield packed
            packed, words = [], 0
        packed.append(block)
        words += more
    if packed:
        yield packed


def _chunk(heading: str, blocks: list[Block]) -> Chunk:
    text = ""
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None:
            text += "\n" if before.marker and block.marker else "\n\n"
        text += block.marker + block.text
    return Chunk(heading, text, tuple(s for block in blocks for s in split_sentences(block.text)))
