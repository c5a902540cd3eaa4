"""The centre of bge's vectors, as `src/insta_voice/voice/local/bge_centre.txt` has it.

    python -m bench.centre

The mean over the demo company's passages and sentences: no article of a folder that is measured with takes part in it,
and the demo company's own figures flatter by as much as that matters. It is made once: vectors seen from another centre
do not go with those that databases hold, and need a model's name of their own.
"""

import numpy as np
from bench.retrieval import CHECKOUT

from insta_voice.knowledge.chunks import embedded_sentence, embedded_text, make_chunks
from insta_voice.knowledge.documents import parse_markdown
from insta_voice.voice.local.text_vectors import TextVectors

_NUMBERS_A_LINE = 8


def main() -> None:
    texts: list[str] = []
    for path in sorted((CHECKOUT / "knowledge" / "articles").glob("*.md")):
        article = parse_markdown(path.read_text(), name=path.stem)
        for chunk in make_chunks(article.title, article.content):
            texts += [embedded_text(article.title, chunk), *map(embedded_sentence, chunk.sentences)]
    model = TextVectors()
    centre = np.mean([model.bge(text) for text in texts], axis=0)
    for line in centre.reshape(-1, _NUMBERS_A_LINE):
        print(" ".join(f"{number:.6f}" for number in line))


if __name__ == "__main__":
    main()
