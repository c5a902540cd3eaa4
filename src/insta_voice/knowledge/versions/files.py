"""A version as a Markdown file: what `kb show` prints can be changed and drafted again."""

from pathlib import Path

import yaml

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import Document, parse_markdown
from insta_voice.knowledge.formats import markdown_of
from insta_voice.knowledge.front_matter import split_front_matter
from insta_voice.knowledge.sources import content_of
from insta_voice.knowledge.versions.drafts import NOT_WRITTEN
from insta_voice.knowledge.versions.history import VersionText


def as_file(text: VersionText) -> str:
    """Front matter and text, none where none is written yet. The version in it says what a draft that is made of it was
    made from.
    """
    fields = {"id": text.version.name, "version": text.version.version, **text.document.fields()}
    del fields["text"]
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    content = text.document.content.strip()
    return f"---\n{front}---\n\n" + (f"{content}\n" if content != NOT_WRITTEN else "")


def read_draft(path: Path) -> tuple[Document, int | None]:
    """A Markdown file to be drafted, read as an ingestion reads it, and of which version it was made, if it says so.

    InvalidInputError when it cannot be read, or has no id: a draft of another article would be a new one, unseen.
    """
    try:
        text = markdown_of(content_of(path), name=path.name)
        fields, _ = split_front_matter(text)
        if fields.get("id") is None:
            raise InvalidInputError("It has no id in its front matter, which says what article this is a draft of.")
        made_from = fields.get("version")
        if made_from is not None and type(made_from) is not int:
            raise InvalidInputError("The field version is not a whole number.")
        return parse_markdown(text, name=path.stem), made_from
    except InvalidInputError as error:
        raise InvalidInputError(f"{path}: {error.message}") from error
