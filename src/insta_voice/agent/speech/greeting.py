"""What a caller hears first: the company's own greeting or ours, in their language, with the notice (promise 35)."""

from insta_voice.agent.prompts import notice, sentence
from insta_voice.agent.state import CallState
from insta_voice.company import own_welcome
from insta_voice.languages import Language
from insta_voice.settings import Settings


def welcome_text(state: CallState, *, resumed: bool) -> str:
    """Personal when the caller is known, an apology when an earlier agent of this call was lost.

    It always says that this is an AI and what is kept, before anything the caller says is (promise 35).
    """
    if resumed:
        return state.sentence("resumed")
    first_name = (state.profile.name or "").split(" ")[0] if state.profile else ""
    last = state.last_summary
    # A question of an earlier call in another language would be read out in the wrong one.
    comes_back = last is not None and last.open_question and last.language in (None, state.language.code)
    open_question = _as_sentence(last.open_question) if comes_back and last and last.open_question else None
    if own := _own_welcome(state.settings, state.language, first_name):
        asked = open_question and sentence("open_question", language=state.language, open_question=open_question)
        return f"{own} {asked}" if asked else own
    values = _values(state.settings, state.language)
    spaced_name = f" {first_name}" if first_name else ""
    if open_question is not None:
        values["open_question"] = open_question
        return sentence("welcome_open_question", language=state.language, name=spaced_name, **values)
    if last is not None:
        return sentence("welcome_back", language=state.language, name=spaced_name, **values)
    if first_name:
        return sentence("welcome_by_name", language=state.language, name=first_name, **values)
    return sentence("welcome", language=state.language, **values)


def plain_welcome(settings: Settings, language: Language) -> str:
    """The greeting for whoever it is, with the notice: said when the personal one cannot be."""
    own = _own_welcome(settings, language, "")
    return own or sentence("welcome", language=language, **_values(settings, language))


def _values(settings: Settings, language: Language) -> dict[str, str]:
    told = notice(settings.privacy.retention_days, language=language)
    return {"company_name": settings.company.company_name, "notice": told}


def _own_welcome(settings: Settings, language: Language, name: str) -> str | None:
    company = settings.company
    template = company.own_welcome_message(language)
    if template is None:
        return None
    values = {**_values(settings, language), "name": name, "support_contact": company.support_contact}
    return own_welcome(template, **values)


def _as_sentence(question: str) -> str:
    question = question.strip()
    return question if question.endswith(("?", ".", "!")) else f"{question}."
