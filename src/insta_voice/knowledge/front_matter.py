"""The fields that a Markdown file begins with, between two lines of `---`."""

import re
from typing import Any

import yaml

from insta_voice.errors import InvalidInputError

_MAX_FRONT_MATTER = 16_000
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The fields that a text begins with, and the text; InvalidInputError when they are not understood."""
    text = text.removeprefix("\ufeff")
    front = _FRONT_MATTER.match(text)
    return (_fields(front["yaml"]), text[front.end() :]) if front else ({}, text)


class _Loader(yaml.SafeLoader):
    """Plain data without aliases: a few hundred bytes of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def _fields(text: str) -> dict[str, Any]:
    if len(text) > _MAX_FRONT_MATTER:
        raise InvalidInputError(f"The front matter is longer than {_MAX_FRONT_MATTER} characters.")
    try:
        fields = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidInputError("The front matter is not plain YAML.") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise InvalidInputError("The front matter is not a list of fields.")
    fields.pop("text", None)
    # An empty field is as good as none, but for that which everyone would hear without.
    return {k: v for k, v in fields.items() if isinstance(k, str) and (v is not None or k == "audience")}
