"""What `kb ingest` says of the demo company's articles once there are others beside them."""

from collections.abc import Iterator, Sequence

from insta_voice.cli.printing import on_one_line
from insta_voice.command import command
from insta_voice.settings import Settings
from insta_voice.stack.demo_content import leave_at_next_start, wanted_demo


def beside_the_demos(settings: Settings, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Sentences about the demo's articles: their ids before the company's own were loaded, and after."""
    if replaced := [article_id for article_id in before if article_id not in set(after)]:
        yield f"Replaced the demo company's articles of the same id: {on_one_line(', '.join(replaced))}."
    if not after:
        return
    still_there = f"Articles of the demo company are still there: {len(after)}."
    remove = f"`{command('kb remove --demo')}`"
    if leave_at_next_start(settings):
        yield f"{still_there} The next start takes them out (or now: {remove})."
    elif wanted_demo(settings).articles:
        yield f"{still_there} Take them out with {remove}, or set COMPANY_NAME to yours."
    else:
        yield f"{still_there} Take them out with {remove}."
