"""An agent that takes a call over knows what was said in it."""

import pytest
from livekit.agents import llm
from tests.support.minds import found
from tests.support.records import turn

from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.responder.model import GroundedResponder
from insta_voice.agent.responder.turn import Call, Decision, Say
from insta_voice.agent.resumption import take_up
from insta_voice.agent.tools import TOOLS
from insta_voice.calls import Search, Source, Turn
from insta_voice.knowledge import Context, Evidence

RESET = Source("a-1", "Reset your password", "/help/a-1", "Choose “Forgot password”.")


def _said(number: int, text: str, kind: str = "answer", **fields: object) -> Turn:
    return turn(number, text, speaker="assistant", kind=kind, mind="grounded", **fields)


SAID = (
    _said(1, "Hello, I am an AI.", "greeting"),
    turn(2, "How do I"),
    turn(3, "reset my password?"),
    _said(4, "Choose “Forgot password”. It takes a minute.", heard="Choose", interrupted=True, sources=(RESET,)),
    turn(5, "Can I send a fax?"),
    _said(6, "I found nothing about that.", "unknown"),
    turn(7, "Thanks."),
    _said(8, "", "thanks", interrupted=True),
)


class Scene:
    def __init__(self) -> None:
        self.evidence = TurnEvidence(self._gather)
        self.mind = GroundedResponder("Tidewater", "help@example.org", False, 0.5)
        self.context = take_up(SAID, self.evidence, self.mind)

    async def _gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        return found(heard)

    def hears(self, text: str) -> Decision:
        self.context.add_message(role="user", content=text)
        return self.mind.decide(self.context, TOOLS)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_mind_reads_what_was_heard(scene: Scene) -> None:
    read = [(item.role, item.text_content) for item in scene.context.items if item.type == "message"]
    assert read == [
        ("assistant", "Hello, I am an AI."),
        ("user", "How do I"),
        ("user", "reset my password?"),
        ("assistant", "Choose"),
        ("user", "Can I send a fax?"),
        ("assistant", "I found nothing about that."),
        ("user", "Thanks."),
    ]
    cut = scene.context.items[3]
    assert isinstance(cut, llm.ChatMessage)
    assert cut.interrupted


def test_a_follow_up_is_understood_against_the_turns_before(scene: Scene) -> None:
    """ "And if I don't get the email?" was searched as if nothing had been asked before it."""
    assert scene.evidence.conversation == Context(
        last_question="Can I send a fax?",
        last_article_id="a-1",
        questions=("How do I reset my password?", "Can I send a fax?"),
    )


def test_a_follow_up_hangs_on_the_question_that_was_decided_and_not_on_the_reply(scene: Scene) -> None:
    login = "How do I change my login?"
    take_up(
        (
            turn(1, f"Um, {login}"),
            _said(2, "This or that?", "clarify", searches=(Search(login, login, 0.4, False),)),
            turn(3, "The second one."),
            _said(4, "Enter it.", searches=(Search(login, f"{login} Change your password", 0.9, True),)),
        ),
        scene.evidence,
        scene.mind,
    )
    assert scene.evidence.conversation.last_question == f"{login} Change your password"


def test_the_summary_is_of_the_whole_call(scene: Scene) -> None:
    """It was of the second half, and stood in the place of the whole one."""
    decision = scene.hears("That is all. Goodbye.")
    assert isinstance(decision, Call)
    assert decision.arguments == {
        "summary": "Asked: “reset my password?”, answered from Reset your password; “Can I send a fax?”, not answered.",
        "open_question": "Can I send a fax?",
        "solved": False,
    }


def test_it_can_be_said_again(scene: Scene) -> None:
    decision = scene.hears("Could you repeat that?")
    assert isinstance(decision, Say)
    assert decision.text == "I found nothing about that."
