"""The end of a call: what it was about is saved for the next one, then a goodbye."""

from insta_voice.agent.responder.intents import Intent, intents
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Call, Part, Say, TurnView

SUMMARY_TOOL = "summarize_interaction_for_next_session"
_QUESTIONS = 3  # the last ones; the record itself keeps them all
_QUESTION_LETTERS = 120
_ASKED_KINDS = ("answer", "account", "unknown", "ticket")


def goodbye(turn: TurnView) -> Say | Call:
    """Saves a summary once when there is something to save, then says goodbye whatever came of it."""
    if SUMMARY_TOOL in turn.tools and turn.result_of(SUMMARY_TOOL) is None:
        arguments = summary(turn)
        if arguments is not None:
            return Call(SUMMARY_TOOL, arguments)
    return Say("goodbye", (Part(sentence("goodbye", turn.number)),))


def summary(turn: TurnView) -> dict[str, object] | None:
    """The tool's arguments: what was asked, what stayed open, whether all was answered; None for an empty call."""
    asked: list[str] = []
    unanswered: str | None = None
    passed_on = False
    for past in turn.past:
        if past.said is None or past.said.kind not in _ASKED_KINDS or Intent.CONTINUE in intents(past.heard):
            continue
        if past.said.kind == "ticket":
            passed_on = True
            continue
        heard = " ".join(past.asked.split())[:_QUESTION_LETTERS].strip()
        titles = dict.fromkeys(citation.passage.title for citation in past.said.citations)
        source = f", answered from {' and '.join(titles)}" if titles else ""
        asked.append(f"“{heard}”{source or (', not answered' if past.said.kind == 'unknown' else '')}")
        unanswered = heard if past.said.kind == "unknown" else unanswered
    if not asked:
        return None
    text = "Asked: " + "; ".join(asked[-_QUESTIONS:]) + "." + (" Passed on to a colleague." if passed_on else "")
    return {"summary": text, "open_question": unanswered or "", "solved": unanswered is None}
