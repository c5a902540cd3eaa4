"""What the comparison with other frameworks is made of, without them: who hears what, whose turn it is, what counts."""

from collections.abc import Sequence

import pytest
from bench.peers import quality, speed
from bench.peers.peer import Row
from bench.peers.rows import who_hear
from bench.peers.side import OURS, Side


def test_an_article_for_several_is_heard_by_each_of_them() -> None:
    rows = [Row(n, "a", word, "", []) for n, word in enumerate(["everyone", "plan:team,plan:business", "staff"])]
    hear = who_hear(rows)
    assert hear(("everyone", "plan:team")) == ["everyone", "plan:team,plan:business"]
    assert hear(("plan:business",)) == ["plan:team,plan:business"]
    assert hear(("plan:rare",)) == []


async def test_every_side_is_asked_the_same_and_is_first_in_turn() -> None:
    asked: list[tuple[str, str]] = []

    def side(name: str) -> Side:
        async def ask(question: str, audiences: Sequence[str], count: int) -> list[int]:
            asked.append((name, question))
            return []

        return Side(name, ask)

    await speed.compare("made", [side(OURS), side("theirs"), side("others")], ["a", "b"], (1, 2))
    by_name = {name: [question for who, question in asked if who == name] for name, _ in asked}
    assert by_name[OURS] == by_name["theirs"] == by_name["others"]
    warmed_up = 3 * 2
    rounds = [asked[warmed_up + 6 * number][0] for number in range(speed.ROUNDS)]
    assert rounds == [OURS, "theirs", "others"]


async def test_chunks_count_as_their_articles_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours finds the article second and theirs not at all; two chunks of one article are one place."""
    article_of = {1: "other", 2: "other", 3: "wanted"}

    def side(name: str, chunks: list[int]) -> Side:
        async def ask(question: str, audiences: Sequence[str], count: int) -> list[int]:
            return chunks

        return Side(name, ask)

    questions = [{"source": "made", "text": "?", "relevant": ["wanted"]}]
    await quality.compare([side(OURS, [1, 2, 3]), side("theirs", [1])], questions, article_of, draws=20)
    printed = capsys.readouterr().out
    assert "| together | 1 | ours | 0.631 | 1.000 | 0.500 |  |" in printed
    assert "| together | 1 | theirs | 0.000 | 0.000 | 0.000 | +0.631 (+0.631 to +0.631) |" in printed
