"""`python -m bench grounding`: which sentences are taken for unsupported, of right ones and of made-up ones.

Sentences are those of `grounding.yaml`, each against the whole article it speaks of.
"""

from pathlib import Path

import yaml

from insta_voice.agent.grounding import Material, claims, unsupported
from insta_voice.voice.local.clauses import first_clause

SENTENCES = Path(__file__).with_name("grounding.yaml")
ARTICLES = Path(__file__).parents[1] / "knowledge" / "articles"
SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    right, made_up = _sentences("says"), _sentences("makes_up")
    usual = claims.SUPPORTED_SHARE
    print(f"share needed   of {len(right)} right ones refused   of {len(made_up)} made-up ones found")
    for share in SHARES:
        claims.SUPPORTED_SHARE = share
        mark = "  <- used" if share == usual else ""
        print(f"{share:12.1f}   {len(_refused(right)):27}   {len(_refused(made_up)):25}{mark}")
    claims.SUPPORTED_SHARE = usual
    found = _refused(made_up)
    for name, sentences in (("right", right), ("made-up", made_up)):
        clauses = [(article, clause) for article, said in sentences if (clause := first_clause(said))]
        at_once = [clause for article, clause in clauses if claims.says_only(clause, Material((_text(article),)))]
        print(f"\nof {len(clauses)} first clauses of {name} ones, {len(at_once)} do not wait:", *at_once, sep="\n")
    print("\nrefused, although right:", *_refused(right), sep="\n")
    print("\nmade up, and not found:", *(said for _, said in made_up if said not in found), sep="\n")


def refused_and_found() -> tuple[int, int, int, int]:
    """How many are right and how many of them are refused; how many are made up and how many of them are found."""
    right, made_up = _sentences("says"), _sentences("makes_up")
    return len(right), len(_refused(right)), len(made_up), len(_refused(made_up))


def _sentences(kind: str) -> list[tuple[str, str]]:
    """The sentences of a kind, each with its article."""
    articles = yaml.safe_load(SENTENCES.read_text("utf-8"))
    return [(article, said) for article, sentences in articles.items() for said in sentences[kind]]


def _refused(sentences: list[tuple[str, str]]) -> list[str]:
    return [said for article, said in sentences if unsupported(said, Material((_text(article),)))]


def _text(article: str) -> str:
    return (ARTICLES / f"{article}.md").read_text("utf-8").split("---\n", 2)[2]


if __name__ == "__main__":
    main()
