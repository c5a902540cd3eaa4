"""HTML into the Markdown an article holds: headings, lists, tables and code; no links, no pictures."""

import re

from markdownify import markdownify

_BLANK_LINES = re.compile(r"\n{3,}")


def as_markdown(source: str) -> str:
    """A table without a header has its first row for one, which is what such tables mean."""
    text = markdownify(
        source.replace("\u00a0", " "),
        heading_style="ATX",
        bullets="-",
        strip=["a", "img"],
        table_infer_header=True,
        wrap=False,
    )
    return _BLANK_LINES.sub("\n\n", text).strip()
