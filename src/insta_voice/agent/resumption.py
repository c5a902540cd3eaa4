"""A call that another agent takes over: what the record holds of it becomes what this one knows."""

from collections.abc import Collection, Sequence
from typing import cast, get_args

from livekit.agents import llm

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.record.reply import FOLLOWED_UP
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.responder.turn import Citation, Kind, Part, Say
from insta_voice.calls import Source, Turn
from insta_voice.knowledge import Passage


def take_up(turns: Sequence[Turn], evidence: TurnEvidence, grounded: GroundedResponder) -> llm.ChatContext:
    """The conversation so far, as a mind reads it: what was heard. `evidence` learns what a follow-up can hang on, and
    the grounded mind what it said: its summary is of the whole call.
    """
    context = llm.ChatContext.empty()
    asked: llm.ChatMessage | None = None
    asked_back: set[str] = set()
    question: list[str] = []  # a turn that went on after a pause is in the record in pieces
    for turn in turns:
        if not turn.heard:
            continue
        by_caller = turn.speaker == "caller"
        message = context.add_message(
            role="user" if by_caller else "assistant",
            content=turn.heard,
            interrupted=turn.interrupted,
            created_at=turn.started_at.timestamp(),
        )
        if by_caller:
            asked = message
            question.append(turn.text)
        elif asked is not None and turn.kind in get_args(Kind):
            grounded.remember(asked.id, _said(turn))
            if turn.kind in FOLLOWED_UP:
                topic = _decided(turn, asked_back) or " ".join(question)
                evidence.answered(topic, turn.sources[0].article_id if turn.sources else None)
            elif turn.kind == "clarify":
                asked_back |= {search.question for search in turn.searches}
            asked, question = None, []
    return context


def _decided(turn: Turn, asked_back: Collection[str]) -> str:
    """What was searched where the caller's words ("the second one") chose of two; empty where they did not."""
    return next((search.query for search in turn.searches if search.question in asked_back), "")


def _said(turn: Turn) -> Say:
    cited = [_citation(source) for source in turn.sources]
    parts = (Part(turn.text, cited[0] if cited else None), *(Part("", citation) for citation in cited[1:]))
    return Say(cast(Kind, turn.kind), parts)


def _citation(source: Source) -> Citation:
    passage = Passage(
        chunk_id=0,  # the chunk may be gone; what was quoted of it stands in the record
        article_id=source.article_id,
        external_id=None,
        version=source.version,
        title=source.title,
        heading=source.heading,
        url=source.url,
        text=source.quote,
        score=1.0,
        sentences=(),
    )
    return Citation(passage, source.quote)
