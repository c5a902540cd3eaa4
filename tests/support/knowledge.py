"""Fixtures with the real embedding model, and articles to search."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from insta_voice.knowledge import LocalEmbedder
from insta_voice.voice.local.minilm import MiniLM

DEMO = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="session")
async def embedder() -> AsyncIterator[LocalEmbedder]:
    """MiniLM in this process, loaded once a session."""
    made = LocalEmbedder(MiniLM())
    yield made
    await made.aclose()


def write_article(folder: Path, name: str, title: str, text: str, **front: str) -> Path:
    """A Markdown file with front matter; its id is `name`."""
    lines = "\n".join(f"{key}: {value}" for key, value in {"id": name, "title": title, **front}.items())
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{lines}\n---\n\n{text}\n", "utf-8")
    return path
