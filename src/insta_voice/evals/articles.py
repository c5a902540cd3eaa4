"""The help articles that scenarios are about, in the scratch database."""

from collections.abc import Sequence
from pathlib import Path

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.evals.scenario import Answer, Answered, Scenario
from insta_voice.knowledge import Embedder, ingest, list_articles


async def load_articles(
    db: Database, embedder: Embedder, articles: Sequence[Path], scenarios: Sequence[Scenario]
) -> None:
    """Ingest `articles`. InvalidInputError when one cannot be taken, or a scenario expects one that is not there."""
    report = await ingest(db, embedder, articles)
    wrong = [f"{failure.place}: {failure.reason}" for failure in report.failed]
    titles = {article.title for article in await list_articles(db)}
    wrong += [
        f"{scenario.name}: there is no article “{title}”."
        for scenario in scenarios
        for title in dict.fromkeys(title for answer in _answers(scenario) for title in answer.sources)
        if title not in titles
    ]
    if wrong:
        raise InvalidInputError("\n".join(wrong))


def _answers(scenario: Scenario) -> list[Answer]:
    said: list[Answered] = []
    for call in scenario.calls:
        said += [call.opening, *call.questions, *call.reactions, *call.facts]
    return [what.answer for what in said]
