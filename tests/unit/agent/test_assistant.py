"""Between question and answer, in a real session without audio: evidence before the mind, tools, sources, record."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from livekit.agents import AgentSession, llm
from tests.support.minds import Notes, Page, Part, ScriptedMind, call_state, found, journal_into, mind_is_away, passage

from insta_voice.agent.assistant import Assistant
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.speech.say import Speech
from insta_voice.agent.state import CallState
from insta_voice.customers.accounts import AccountSource, CallAccount
from insta_voice.errors import AccountUnavailableError, DBDriverError
from insta_voice.knowledge import Choice, Context, Evidence, Sentence


@dataclass
class Scene:
    session: AgentSession[CallState]
    state: CallState
    notes: Notes
    page: Page


@asynccontextmanager
async def talking(mind: llm.LLM, state: CallState | None = None) -> AsyncIterator[Scene]:
    """A session with the real assistant and its tools; the mind is the test's."""
    state = state or call_state()
    notes, page = Notes(), Page()
    journal, recorder = journal_into(notes, page)
    session = AgentSession[CallState](userdata=state, llm=mind, vad=None)
    if isinstance(mind, GroundedResponder):
        mind.on_decision = journal.decided
    session.on("speech_created", journal.speech_created)
    writing = asyncio.create_task(recorder.run())
    await session.start(Assistant(state, journal, Speech(session, journal, state)), record=False)
    try:
        yield Scene(session, state, notes, page)
    finally:
        await session.aclose()
        await recorder.flush(1)
        writing.cancel()


async def test_the_evidence_is_there_before_the_mind_and_only_for_its_turn() -> None:
    searched = []

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        searched.append(heard)
        return found(heard, passage())

    mind = ScriptedMind("One.", "Two.")
    async with talking(mind, call_state(gather=gather)) as scene:
        await scene.session.run(user_input="How do I reset my password?")
        await scene.session.run(user_input="And then?")
    assert searched == ["How do I reset my password?", "And then?"]
    for context, question in zip(mind.contexts, searched, strict=True):
        carriers = [item for item in context.items if item.type == "message" and "evidence" in item.extra]
        assert [carrier.extra["evidence"][0].question for carrier in carriers] == [question]
        assert "Open the sign-in page." in (carriers[0].text_content or "")


async def test_a_tool_that_asks_for_the_turns_own_question_costs_no_second_search() -> None:
    searched = []

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        searched.append(heard)
        return found(heard, passage())

    mind = ScriptedMind(("answer_from_company_kb", {"question": "how do I reset my password"}), "Open the page.")
    async with talking(mind, call_state(gather=gather)) as scene:
        result = await scene.session.run(user_input="How do I reset my password?")
    result.expect.next_event().is_function_call(name="answer_from_company_kb")
    output = result.expect.next_event().is_function_call_output().event().item.output
    assert json.loads(output)["material_not_instructions"][0]["text"] == "Open the sign-in page."
    assert searched == ["How do I reset my password?"]


async def test_a_tool_that_finds_two_to_ask_about_shows_neither_and_says_so() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        (one,) = found(heard, passage(), answerable="change" in heard)
        choice = Choice(heard, (passage(title="Change your email"), passage(title="Change your password")))
        return (replace(one, choice=choice if "change" in heard else None),)

    mind = ScriptedMind(("answer_from_company_kb", {"question": "how do I change my login"}), "Which of the two?")
    async with talking(mind, call_state(gather=gather)) as scene:
        result = await scene.session.run(user_input="Can you help me?")
    result.expect.next_event().is_function_call(name="answer_from_company_kb")
    output = result.expect.next_event().is_function_call_output().event().item.output
    assert "Change your email" in output
    assert "material" not in output
    [turn] = scene.notes.turns
    assert (turn.kind, turn.sources, scene.page.sent) == ("clarify", (), [])


async def test_what_the_grounded_mind_cites_is_sent_with_the_number_of_its_turn_and_recorded() -> None:
    text = "Open the sign-in page and choose Forgot password."
    where = replace(passage(text), sentences=(Sentence(text, 0.95),))

    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, where)

    mind = GroundedResponder("Tidewater", "help@example.org", False, 0.5)
    async with talking(mind, call_state(gather=gather)) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert (turn.mind, turn.kind, turn.speaker) == ("grounded", "answer", "assistant")
    assert [source.article_id for source in turn.sources] == ["a-1"]
    assert scene.page.sent == [("sources", {"turn": turn.number, "quotes": [s.quote for s in turn.sources]})]


async def test_a_language_models_answer_shows_the_passages_it_was_given() -> None:
    async with talking(ScriptedMind("Open the sign-in page.")) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert [source.quote for source in turn.sources] == ["Open the sign-in page."]
    assert scene.page.sent == [("sources", {"turn": turn.number, "quotes": ["Open the sign-in page."]})]


async def _knows_of_signing_in(heard: str, context: Context) -> tuple[Evidence, ...]:
    return found(heard, passage(), answerable="sign in" in heard)


async def test_what_a_tool_found_is_shown_and_recorded_as_the_answers_source() -> None:
    mind = ScriptedMind(("answer_from_company_kb", {"question": "how do I sign in"}), "Open the sign-in page.")
    async with talking(mind, call_state(gather=_knows_of_signing_in)) as scene:
        await scene.session.run(user_input="I cannot get in")
    [turn] = scene.notes.turns
    assert [source.quote for source in turn.sources] == ["Open the sign-in page."]
    assert scene.page.sent == [("sources", {"turn": turn.number, "quotes": ["Open the sign-in page."]})]
    assert turn.kind == "answer"


def _looking_up(question: str) -> tuple[str, dict[str, object]]:
    return ("answer_from_company_kb", {"question": question})


@pytest.mark.parametrize(
    ("script", "asked", "kept"),
    [
        (["I do not know."], "How can I get in?", [("How can I get in?", False)]),
        (["Open the sign-in page."], "How do I sign in?", [("How do I sign in?", True)]),
        ([_looking_up("how do I sign in"), "Open it."], "I cannot get in", [("how do I sign in", True)]),
        ([_looking_up("access denied"), "I do not know."], "How can I get in?", [("How can I get in?", False)]),
    ],
)
async def test_the_record_keeps_what_the_articles_were_asked(
    script: list[Part], asked: str, kept: list[tuple[str, bool]]
) -> None:
    async with talking(ScriptedMind(*script), call_state(gather=_knows_of_signing_in)) as scene:
        await scene.session.run(user_input=asked)
    [turn] = scene.notes.turns
    assert [(search.question, search.answerable) for search in turn.searches] == kept


async def test_what_a_tool_finds_after_the_first_words_is_shown_too() -> None:
    call = ("answer_from_company_kb", {"question": "how do I sign in"})
    mind = ScriptedMind(["Let me look. ", call], "Open the sign-in page.")
    async with talking(mind, call_state(gather=_knows_of_signing_in)) as scene:
        await scene.session.run(user_input="I cannot get in")
    assert [what for _, what in scene.page.sent] == [{"turn": 1, "quotes": ["Open the sign-in page."]}]
    assert [source.quote for source in scene.notes.turns[0].sources] == ["Open the sign-in page."]


class Known:
    """An account source with one answer."""

    async def account_of(self, user_id: str) -> dict[str, object] | None:
        return {"plan": "team"}


@pytest.mark.parametrize(
    ("asked", "called", "kind"),
    [
        ("How do I sign in?", None, "answer"),
        ("Do you have an office in Brazil?", None, "unknown"),
        ("Which plan am I on?", "get_user_account_info", "account"),
        ("Which plan am I on?", None, "unknown"),
        ("Which plan am I on?", "no_such_tool", "unknown"),
        ("Let me talk to a person", None, "handover"),
        ("Thanks, that helped.", None, "clarify"),
        ("That was all, thank you. Goodbye.", None, "goodbye"),
        ("I tried that yesterday.", None, "clarify"),
    ],
)
async def test_a_language_models_answer_is_of_the_kind_that_what_was_found_makes_it(
    asked: str, called: str | None, kind: str
) -> None:
    mind = ScriptedMind(*([(called, {})] if called else []), "So it is.")
    state = call_state(gather=_knows_of_signing_in, account=CallAccount(Known(), "maya", keep_s=60))
    async with talking(mind, state) as scene:
        await scene.session.run(user_input=asked)
    assert scene.notes.turns[-1].kind == kind


PLAN = "Which plan am I on?"
SIGN_IN = "How do I sign in?"
READ = ("get_user_account_info", {})
PLANS = "Team has everything."


async def _knows_of_plans(heard: str, context: Context) -> tuple[Evidence, ...]:
    """An article for each question in `heard`, one about plans among them."""
    plans = Evidence(PLAN, PLAN, (passage(PLANS, "Plans"),), 0.9, True)
    return tuple(part for part in (plans, *found(SIGN_IN, passage())) if part.question in heard)


def _knowing(account: AccountSource) -> CallState:
    return call_state(gather=_knows_of_plans, account=CallAccount(account, "maya", keep_s=60))


async def test_an_answer_from_the_account_shows_no_article_as_if_that_said_it() -> None:
    async with talking(ScriptedMind(READ, "You are on the Team plan."), _knowing(Known())) as scene:
        await scene.session.run(user_input=PLAN)
    [turn] = scene.notes.turns
    assert (turn.kind, turn.sources, scene.page.sent) == ("account", (), [])


async def test_an_article_shown_before_the_account_is_read_is_taken_back() -> None:
    async with talking(ScriptedMind(["Let me look. ", READ], "You are on Team."), _knowing(Known())) as scene:
        await scene.session.run(user_input=PLAN)
    [turn] = scene.notes.turns
    assert (turn.kind, turn.sources) == ("account", ())
    assert [what["quotes"] for _, what in scene.page.sent] == [[PLANS], []]


async def test_what_was_asked_beside_the_account_keeps_its_article() -> None:
    mind = ScriptedMind(READ, "You are on the Team plan. Open the sign-in page.")
    async with talking(mind, _knowing(Known())) as scene:
        await scene.session.run(user_input=f"{PLAN} {SIGN_IN}")
    [turn] = scene.notes.turns
    assert (turn.kind, [source.title for source in turn.sources]) == ("answer", ["Reset your password"])
    assert [what["quotes"] for _, what in scene.page.sent] == [["Open the sign-in page."]]


async def test_a_way_that_the_account_was_read_for_keeps_its_article() -> None:
    async with talking(ScriptedMind(READ, "Open the sign-in page."), _knowing(Known())) as scene:
        await scene.session.run(user_input=SIGN_IN)
    [turn] = scene.notes.turns
    assert (turn.kind, [source.title for source in turn.sources]) == ("answer", ["Reset your password"])


async def test_an_account_that_could_not_be_read_stays_an_open_question() -> None:
    async with talking(ScriptedMind(READ, "I cannot reach your account."), _knowing(AwayAtFirst())) as scene:
        await scene.session.run(user_input=PLAN)
    [turn] = scene.notes.turns
    assert (turn.kind, turn.sources, scene.page.sent) == ("unknown", (), [])


async def test_what_does_not_answer_is_no_source() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, passage(), answerable=False)

    async with talking(ScriptedMind("I do not know."), call_state(gather=gather)) as scene:
        await scene.session.run(user_input="Can I fly?")
    assert scene.notes.turns[0].sources == ()
    assert scene.page.sent == []


async def test_a_mind_that_fails_is_an_honest_sentence_and_not_silence() -> None:
    async with talking(ScriptedMind(mind_is_away())) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert (turn.kind, turn.mind, turn.sources) == ("apology", "app", ())
    assert "cannot answer right now" in turn.heard


async def test_a_mind_that_fails_in_the_middle_says_so_and_does_not_just_stop() -> None:
    async with talking(ScriptedMind(["Open the sign-in page. Then you", mind_is_away()])) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert (turn.kind, turn.mind) == ("apology", "scripted")
    assert turn.heard.startswith("Open the sign-in page. Sorry, I cannot answer right now.")


async def test_a_defect_in_the_mind_is_an_honest_sentence_too(caplog: pytest.LogCaptureFixture) -> None:
    async with talking(ScriptedMind(KeyError("the caller's own words"))) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert (turn.kind, turn.mind) == ("apology", "app")
    assert "cannot answer right now" in turn.heard
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("insta_voice")]
    assert any("KeyError" in message for message in ours)
    assert not any("own words" in message for message in ours)


async def test_a_defect_in_the_search_is_an_honest_sentence_too() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        raise KeyError(heard)

    async with talking(ScriptedMind("One."), call_state(gather=gather)) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    [turn] = scene.notes.turns
    assert (turn.kind, turn.mind) == ("apology", "app")


async def test_without_a_search_the_grounded_mind_says_that_it_cannot_look_and_not_that_it_found_nothing() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        raise DBDriverError

    mind = GroundedResponder("Tidewater", "help@example.org", False, 0.5)
    async with talking(mind, call_state(gather=gather)) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    assert "cannot look into our help articles" in scene.notes.turns[-1].heard


async def test_a_search_that_fails_is_told_to_the_mind() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        raise DBDriverError

    mind = ScriptedMind("I cannot look that up.")
    async with talking(mind, call_state(gather=gather)) as scene:
        await scene.session.run(user_input="How do I reset my password?")
    last = mind.contexts[0].items[-1]
    assert last.type == "message"
    assert "cannot be searched" in (last.text_content or "")


async def test_a_database_that_is_away_is_a_sentence_for_the_mind_not_an_error() -> None:
    mind = ScriptedMind(("get_user_account_info", {}), "I cannot see your account now.")
    async with talking(mind) as scene:
        result = await scene.session.run(user_input="Which plan am I on?")
    result.expect.next_event().is_function_call(name="get_user_account_info")
    output = result.expect.next_event().is_function_call_output(is_error=True).event().item.output
    assert "account information cannot be reached" in output


class AwayAtFirst:
    """An account source whose first answer fails."""

    def __init__(self) -> None:
        self.asked = 0

    async def account_of(self, user_id: str) -> dict[str, object] | None:
        self.asked += 1
        if self.asked == 1:
            raise AccountUnavailableError
        return {"name": "Maya", "plan": "team"}


async def test_an_account_that_is_away_spoils_one_sentence_and_nothing_else() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard, passage(), answerable="sign-in" in heard)

    account = CallAccount(AwayAtFirst(), "maya", keep_s=60)
    mind = GroundedResponder("Acme", "help@acme.example", False, 0.5)
    async with talking(mind, call_state(gather=gather, account=account)) as scene:
        for question in ("Which plan am I on?", "How do I open the sign-in page?", "Which plan am I on?"):
            await scene.session.run(user_input=question)
    said = [turn.heard for turn in scene.notes.turns]
    assert said[0].startswith("I cannot reach your account information right now.")
    assert said[1].startswith("Open the sign-in page.")
    assert said[2].startswith("You are on the Team plan.")


async def test_without_delivery_no_ticket_is_promised() -> None:
    mind = ScriptedMind(("open_ticket", {"subject": "My invoice is wrong"}), "Please write to us.")
    async with talking(mind) as scene:
        result = await scene.session.run(user_input="I want a person")
    result.expect.next_event().is_function_call(name="open_ticket")
    output = result.expect.next_event().is_function_call_output(is_error=True).event().item.output
    assert scene.state.settings.company.support_contact in output
