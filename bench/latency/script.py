"""What the caller says, and what the peers' mind answers: it has no articles, so it knows these answers by heart."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Question:
    """What the demo company's articles answer, and that answer in two sentences. Where `pause_after` is set, the caller
    takes a breath after these words.
    """

    text: str
    answer: str
    pause_after: str = ""


QUESTIONS: Final = (
    Question(
        "How do I reset my password?",
        "On the sign in page, choose forgot password and enter the email address of your account. "
        "You will get an email with a link that works for one hour.",
    ),
    Question(
        "How do I turn on two-factor authentication?",
        "Open Settings, choose Security, and select set up two factor, then scan the code on the screen. "
        "You get ten backup codes, and each of them works once in place of the app.",
    ),
    Question(
        "Can I get back a file that I deleted by accident?",
        "Deleted files stay in the trash for thirty days, and you can put them back where they were. "
        "Open Trash in the left bar, select the file, and choose Restore.",
    ),
    Question(
        "How do I invite a colleague?",
        "Open Settings, choose Members, and select Invite, then enter one or more email addresses. "
        "Each person gets an email with a link that works for seven days.",
    ),
    Question(
        "Where do I find my invoices?",
        "Your invoices are under Settings, Billing, Invoices, and each can be downloaded as a file. "
        "We also send every invoice by email to the billing contact of your workspace.",
    ),
    Question(
        "How long is the free trial?",
        "Every new workspace can try the Team plan for fourteen days without entering a card. "
        "When the trial ends, the workspace moves to the Free plan and nothing is deleted.",
    ),
    Question(
        "How do I change my credit card?",
        "Open Settings, choose Billing, and select Payment method to enter the card you want to use. "
        "The new card is used from the next invoice on.",
    ),
    Question(
        "How do I change my email address?",
        "Open Settings, choose Profile, and select Change email, then enter the new address. "
        "We send a confirmation link there, and the change takes effect when you open it.",
    ),
    Question(
        "How much storage does the team plan have?",
        "The Team plan includes one terabyte of storage for the whole workspace. "
        "You see how much of it is used under Settings, Workspace, Storage.",
    ),
    Question(
        "How can I share a file with someone outside?",
        "Select the file, choose Share, and press Copy link, then switch it to anyone with the link. "
        "You can add a password or a date on which the link ends.",
    ),
    Question(
        "Can I go back to an earlier version of a document?",
        "Yes, open the file, choose the clock at the top right, and pick a version from the list. "
        "Restore makes that version the current one, and the newer ones are kept.",
    ),
    Question(
        "How do I add more seats?",
        "Open Settings, choose Billing, and select Seats to add as many as you need. "
        "New seats are available at once, and you pay for the days left in the period.",
    ),
)
PAUSED: Final = (
    Question(
        "I would like to know how I can delete my account.",
        "Open Settings, choose Profile, and select Delete account at the bottom of the page. "
        "Your account is closed at once, and your data is erased after thirty days.",
        pause_after="I would like to know",
    ),
    Question(
        "When I export my data how long does it take?",
        "Preparing an export of the whole workspace can take up to twenty four hours. "
        "You get an email with a link, and that link works for seven days.",
        pause_after="When I export my data",
    ),
    Question(
        "We paid for a yearly plan and I would like a refund.",
        "Yearly plans are refunded in full when you ask within thirty days of the payment. "
        "The money is back on your card within five to ten days.",
        pause_after="We paid for a yearly plan",
    ),
    Question(
        "Is there a way to rename my workspace?",
        "Open Settings, choose Workspace, and change the name at the top of the page. "
        "Everybody in the workspace sees the new name at once.",
        pause_after="Is there a way",
    ),
)
PAUSES_S: Final = (0.4, 0.5, 0.6)
TAKES_TURN: Final = (
    "Wait, I have another question.",
    "Stop, that is not what I meant.",
    "Hold on, I need something else.",
    "Sorry, can I ask you something different?",
)
COUGH: Final = "(a cough)"
BACKCHANNELS: Final = ("Mm-hmm.", "Okay.", "Right.", COUGH)
GREETING: Final = "Hello, this is the assistant of Tidewater. How can I help you?"
NOTHING_KNOWN: Final = "Of course. What would you like to know? I am happy to look it up for you."
_MOST_OF_IT: Final = 0.75  # a word in four may be misheard; half of a question is well below


def answer_to(heard: str) -> str:
    """What the peers' mind answers at once to words as they were recognised."""
    best = max((*QUESTIONS, *PAUSED), key=lambda one: _share_of(one.text, heard))
    return best.answer if is_heard_in(heard, best.text) else NOTHING_KNOWN


def is_heard_in(heard: str, said: str) -> bool:
    """Whether what was heard has most of the words that were said."""
    return _share_of(said, heard) >= _MOST_OF_IT


def _share_of(said: str, heard: str) -> float:
    wanted, found = (Counter(re.findall(r"[a-z]+", text.lower())) for text in (said, heard))
    return (wanted & found).total() / wanted.total()
