"""The diligent mind: it answers the demo's questions from what it is given, and without that none of them."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.support.minds import found, passage
from tests.support.openai import diligent
from tests.support.openai.received import Message, Prompt
from tests.support.openai.script import Reply, ToolCall

from insta_voice.agent.evidence import as_material
from insta_voice.agent.prompts import NO_EVIDENCE, instructions
from insta_voice.agent.prompts import told as of_prompts
from insta_voice.demo.conversation import Question, load_conversation, missing_words
from insta_voice.knowledge import Choice, Evidence, Passage
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.documents import parse_markdown
from insta_voice.stack.demo_content import ARTICLES_FOLDER

QUESTIONS = {question.say: question for question in load_conversation().calls[0].turns}
FROM_ARTICLES = [question for question in QUESTIONS.values() if question.sources]
OF_THE_ACCOUNT = "What is my plan, and how many seats do I have left?"
UNANSWERABLE = "Do you offer training courses?"
FOR_A_PERSON = "Let me talk to a person."
ACCOUNT = {"name": "Maya", "plan": "team", "seats": 12, "seats_used": 9, "renews_on": "2027-03-14"}


def told(*evidence: Evidence, otherwise: str = "") -> str:
    """Instructions as a realtime model has them."""
    return f"{instructions('Tidewater')}\n{otherwise or as_material(evidence)}"


def prompt(said: str, told: str, *after: Message) -> Prompt:
    return Prompt(told, (Message("user", said), *after, Message("system", "material")))


def text_of(answer: Reply) -> str:
    (text,) = answer.parts
    assert isinstance(text, str)
    return text


def call_of(answer: Reply) -> tuple[str, dict[str, object]]:
    (made,) = answer.parts
    assert isinstance(made, ToolCall)
    return made.name, made.arguments


def _passages(question: Question) -> Iterator[Passage]:
    """Of each article that is expected, the passage that a good search finds first."""
    for file in ARTICLES_FOLDER.glob("*.md"):
        article = parse_markdown(file.read_text("utf-8"), name=file.stem)
        if article.title in question.sources:
            chunks = make_chunks(article.title, article.content)
            best = min(chunks, key=lambda chunk: len(missing_words(question.heard, chunk.text)))
            yield passage(best.text, article.title)


def _evidence(question: Question) -> Iterator[Evidence]:
    for best in _passages(question):
        yield from found("part of the question", best, passage("Something else altogether.", "Another article"))


@pytest.mark.parametrize("question", FROM_ARTICLES, ids=lambda question: question.say)
def test_it_says_what_the_demo_expects_when_the_expected_articles_are_found(question: Question) -> None:
    evidence = [*_evidence(question)]
    assert len(evidence) == len(question.sources)
    answer = text_of(diligent(prompt(question.say, told(*evidence))))
    assert missing_words(question.heard, answer) == []
    assert "Something else" not in answer


def test_it_says_three_sentences_of_the_passage_that_may_answer() -> None:
    evidence = found("How?", passage("Open it. Choose Reset. Then wait.\n\nFor long."), passage("No. Never."))
    assert text_of(diligent(prompt("How?", told(*evidence)))) == "Open it. Choose Reset. Then wait."


@pytest.mark.parametrize(("said", "answer"), [("Open it.", "Look there."), ("Open it. Look there.", "Open it.")])
def test_to_a_follow_up_it_goes_on_with_what_it_has_not_said(said: str, answer: str) -> None:
    evidence = found("And then?", passage("Open it."), passage("Look there."))
    messages = (Message("user", "How?"), Message("assistant", said), Message("user", "And then?"))
    assert text_of(diligent(Prompt(told(*evidence), messages))) == answer


def test_of_two_questions_it_answers_the_one_it_can() -> None:
    evidence = found("How?", passage("Open it.")) + found("Why?", passage("Because."), answerable=False)
    answer = text_of(diligent(prompt("How, and why?", told(*evidence))))
    assert answer.startswith("Open it. I do not know that.")
    assert "Because" not in answer


@pytest.mark.parametrize("passages", [(passage("We train dogs."),), ()])
def test_without_an_answer_it_offers_a_person(passages: tuple[Passage, ...]) -> None:
    evidence = found(UNANSWERABLE, *passages, answerable=False)
    answer = text_of(diligent(prompt(UNANSWERABLE, told(*evidence))))
    assert missing_words(QUESTIONS[UNANSWERABLE].heard, answer) == []
    assert "do not know" in answer
    assert "dogs" not in answer


def test_told_of_two_it_asks_which_is_meant() -> None:
    (unsure,) = found("How?", answerable=False)
    choice = Choice("How?", (passage("Open it.", "Open a door"), passage("Shut it.", "Shut a door")))
    answer = text_of(diligent(prompt("How?", told(replace(unsure, choice=choice)))))
    assert answer == "Do you mean Open a door or Shut a door?"


def test_without_a_search_it_says_so() -> None:
    assert "cannot look that up" in text_of(diligent(prompt("How?", told(otherwise=NO_EVIDENCE))))


def test_what_is_of_the_account_it_asks_the_account() -> None:
    evidence = found("which plan am I on", passage("There are three plans."))
    assert call_of(diligent(prompt(OF_THE_ACCOUNT, told(*evidence)))) == ("get_user_account_info", {})
    made, output = Message("call", "get_user_account_info {}"), Message("output", json.dumps(ACCOUNT))
    answer = text_of(diligent(prompt(OF_THE_ACCOUNT, told(*evidence), made, output)))
    assert answer == "Your plan: team. Your seats: 12. Your seats used: 9."
    assert missing_words(QUESTIONS[OF_THE_ACCOUNT].heard, answer) == []


@pytest.mark.parametrize("said", QUESTIONS)
def test_it_calls_a_tool_for_the_account_and_for_a_person_and_for_nothing_else(said: str) -> None:
    answer = diligent(prompt(said, told(*found(said, passage()))))
    calls = [part.name for part in answer.parts if isinstance(part, ToolCall)]
    assert calls == {OF_THE_ACCOUNT: ["get_user_account_info"], FOR_A_PERSON: ["open_ticket"]}.get(said, [])


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (json.dumps({"ticket": "1", "status": "opened"}), "A person will write to you."),
        (
            of_prompts("tool_no_delivery", support_contact="help@acme.example"),
            "A person answers at help@acme.example.",
        ),
        (of_prompts("tool_slow"), "Shall we try again?"),
    ],
)
def test_it_says_what_became_of_a_ticket_and_no_more(result: str, words: str) -> None:
    answer = text_of(diligent(prompt(FOR_A_PERSON, told(), Message("output", result))))
    assert answer.endswith(words)
    assert ("have left a ticket" in answer) is ("opened" in result)


def test_what_it_did_in_an_earlier_turn_is_no_answer_to_this_one() -> None:
    before = (Message("user", OF_THE_ACCOUNT), Message("output", json.dumps(ACCOUNT)), Message("assistant", "Team."))
    later = Prompt(told(*found("How?", passage("Open it."))), (*before, Message("user", "How?")))
    assert text_of(diligent(later)) == "Open it."
