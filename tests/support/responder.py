"""Evidence, turns and whole conversations for the responder, built in a line; scores are shared words."""

from collections.abc import Sequence
from dataclasses import replace

from insta_voice.agent.responder.decide import decide
from insta_voice.agent.responder.turn import Call, Company, Decision, PastTurn, Say, ToolResult, TurnView
from insta_voice.agent.responder.words import content
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.evidence import Evidence, Passage, Sentence

COMPANY = Company("Acme", "help@acme.example", True, 0.5)
NO_DELIVERY = Company("Acme", "help@acme.example", False, 0.5)
TOOLS = frozenset(
    {"get_user_account_info", "answer_from_company_kb", "open_ticket", "summarize_interaction_for_next_session"}
)


def passages(
    markdown: str, question: str, *, title: str = "An article", article_id: str = "article-1"
) -> list[Passage]:
    """The chunks of an article as the real chunker makes them, each sentence scored by the words it shares."""
    found = []
    for number, chunk in enumerate(make_chunks(title, markdown)):
        sentences = tuple(Sentence(text, shared(question, text)) for text in chunk.sentences)
        score = max((sentence.score for sentence in sentences), default=0.0)
        found.append(
            Passage(
                number, article_id, None, 1, title, chunk.heading, f"/help/{article_id}", chunk.text, score, sentences
            )
        )
    return sorted(found, key=lambda passage: -passage.score)


def shared(question: str, text: str) -> float:
    """The share of the question's words that `text` has, 0 to 1."""
    asked = content(question)
    return len(asked & content(text)) / len(asked) if asked else 0.0


def evidence(question: str, *markdown: str, answerable: bool = True, confidence: float | None = None) -> Evidence:
    """Evidence for `question` from articles given as Markdown; none of them: nothing found."""
    found = [
        passage
        for number, text in enumerate(markdown)
        for passage in passages(text, question, title=f"Article {number + 1}", article_id=f"article-{number + 1}")
    ]
    sure = (0.9 if answerable else 0.1) if confidence is None else confidence
    ranked = tuple(sorted(found, key=lambda passage: -passage.score)[:5])
    return Evidence(question, question, ranked, sure if ranked else 0.0, answerable and bool(ranked))


def following(question: str, before: str, *markdown: str) -> Evidence:
    """Evidence for a follow-up, searched with the question before it: to that every section is near."""
    found = evidence(f"{before} {question}", *markdown)
    near = tuple(replace(passage, score=1.0) for passage in found.passages)
    return replace(found, question=question, passages=near)


def nothing(question: str) -> Evidence:
    """What retrieval gives when no article answers."""
    return Evidence(question, question, (), 0.0, False)


def turn(
    heard: str,
    *found: Evidence,
    past: Sequence[PastTurn] = (),
    results: Sequence[ToolResult] = (),
    company: Company = COMPANY,
    tools: frozenset[str] = TOOLS,
    confidence: float | None = None,
) -> TurnView:
    """A turn with the evidence given, or with evidence that found nothing."""
    return TurnView(heard, company, found or (nothing(heard),), tuple(past), tuple(results), tools, confidence)


def say(view: TurnView) -> Say:
    """The decision, which has to be to speak."""
    decision = decide(view)
    assert isinstance(decision, Say), decision
    return decision


class Conversation:
    """Plays a call turn by turn; tools answer what `outputs` says, or with an error."""

    def __init__(self, *, company: Company = COMPANY, tools: frozenset[str] = TOOLS, **outputs: str) -> None:
        self._company, self._tools, self._outputs = company, tools, outputs
        self.past: list[PastTurn] = [PastTurn("", None, "Hello, this is the assistant of Acme.")]
        self.calls: list[Call] = []

    def hear(self, heard: str, *found: Evidence, cut_after: str | None = None) -> Say:
        """One turn: tools are called until there is something to say. `cut_after`: what was heard of it."""
        results: list[ToolResult] = []
        while isinstance(decision := self._decide(heard, found, results), Call):
            assert len(results) < 3, "the responder calls tools without end"
            self.calls.append(decision)
            output = self._outputs.get(decision.tool)
            results.append(ToolResult(decision.tool, output or "It did not work.", output is None))
        spoken = decision.text if cut_after is None else cut_after
        self.past.append(PastTurn(heard, decision, spoken, interrupted=cut_after is not None))
        return decision

    def _decide(self, heard: str, found: Sequence[Evidence], results: Sequence[ToolResult]) -> Decision:
        return decide(turn(heard, *found, past=self.past, results=results, company=self._company, tools=self._tools))
