"""What an answer of this call may rest on: what was found for the turn, what tools told, and what was said before."""

from collections.abc import Iterable

from livekit.agents import llm

from insta_voice.agent.grounding.claims import Material
from insta_voice.agent.state import CallState

_ACTS = {"open_ticket", "summarize_interaction_for_next_session"}  # the tools that do something


def material_of(state: CallState, items: Iterable[llm.ChatItem]) -> Material:
    """`items`: the conversation up to the answer, with the tools it called, without its own words."""
    company, texts, acted = state.settings.company, [], False
    for item in items:
        if item.type == "function_call_output" and not item.is_error:
            texts.append(item.output)
            acted = acted or item.name in _ACTS
        elif item.type == "message" and item.role == "user":
            acted = False  # what was done in an earlier turn
        elif item.type == "message" and item.role == "assistant":
            texts.append(item.text_content or "")
    for part in state.evidence.in_turn:
        told = part.choice.candidates if part.choice else part.passages if part.answerable else ()
        texts += [f"{passage.title}. {passage.heading}. {passage.text}" for passage in told]
    caller = state.profile.name if state.profile else None
    return Material((*texts, company.company_name, company.support_contact or "", caller or ""), acted)
