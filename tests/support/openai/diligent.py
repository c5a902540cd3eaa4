"""A mind that does as it is told: it says the first sentences of the evidence that may answer, of the best article
those of the passage with most of the question's words; it calls the tool that its instructions name for the question,
asks back where it was told to, and says that it does not know where it was told that nothing answers. It knows no
article and no customer, and says nothing twice: to a follow-up it goes on with the next passage.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from tests.support.openai.received import Prompt
from tests.support.openai.script import Reply, call, reply

_SENTENCES: Final = 3  # of each passage: as many as its instructions allow
_EVIDENCE: Final = "Evidence for what the customer just said."
_QUESTION: Final = "\n\nQuestion: "
_MAY_ANSWER: Final = "What was found may answer it."
_OF_TWO: Final = "which of the two they mean"
_HEADING: Final = re.compile(r"\n\[[^\n]*\]\n")
_TITLE: Final = re.compile(r"^\[(.*?) › ", re.MULTILINE)
_SENTENCE: Final = re.compile(r".+?(?:[.?!](?=\s)|\Z)", re.DOTALL)
_WORD: Final = re.compile(r"\w{4,}")
_WANTS_A_PERSON: Final = re.compile(r"\b(talk|speak) (to|with) (an? )?(person|human|somebody|someone|colleague)\b")
_THEIR_OWN: Final = re.compile(r"\b(am i|do i have|is my|are my)\b")
_IN_THE_ACCOUNT: Final = re.compile(r"\b(plan|seats?|invoices?|payment|workspace)\b")  # as the instructions list it
_ADDRESS: Final = re.compile(r"\S+@\S+\w")
_UNKNOWN: Final = "I do not know that. Shall I leave a ticket for a colleague?"
_NOT_SEARCHED: Final = "I cannot look that up at the moment. Shall we try again?"


def diligent(prompt: Prompt) -> Reply:
    """What it says or calls; see Mind."""
    asked = prompt.said.lower()
    if (result := prompt.tool_result) is not None:
        return reply(_told(result, asked))
    if _WANTS_A_PERSON.search(asked):
        return reply(call("open_ticket", subject=prompt.said))
    if _THEIR_OWN.search(asked) and _IN_THE_ACCOUNT.search(asked):
        return reply(call("get_user_account_info"))
    return reply(_from_evidence(prompt))


def _told(result: str, asked: str) -> str:
    try:
        known = json.loads(result)
    except ValueError:  # a sentence for the model: what it cannot do, and sometimes where to turn instead
        address = _ADDRESS.search(result)
        return f"I cannot do that. A person answers at {address.group()}." if address else _NOT_SEARCHED
    if "ticket" in known:
        return "I have left a ticket. A person will write to you."
    return " ".join(_facts(known, asked)) or _UNKNOWN


def _facts(account: dict[str, object], asked: str) -> Iterator[str]:
    """Those that the question names: for "seats" both seats and seats_used."""
    words = set(re.findall(r"\w+", asked))
    for name, value in account.items():
        if name.split("_")[0] in words:
            yield f"Your {name.replace('_', ' ')}: {value}."


def _from_evidence(prompt: Prompt) -> str:
    _, given, evidence = prompt.instructions.rpartition(_EVIDENCE)
    if not given:
        return _NOT_SEARCHED
    said = "\n".join(message.text for message in prompt.messages if message.role == "assistant")
    answers = [_answer(question, said) for question in evidence.split(_QUESTION)[1:]]
    return " ".join(dict.fromkeys(answers)) or _UNKNOWN


def _answer(question: str, said: str) -> str:
    verdict, *passages = _HEADING.split(question)
    if _OF_TWO in verdict:
        return f"Do you mean {' or '.join(_TITLE.findall(question))}?"
    if _MAY_ANSWER not in verdict:
        return _UNKNOWN
    titles = _TITLE.findall(question)
    of_the_best = [passage for passage, title in zip(passages, titles, strict=True) if title == titles[0]]
    asked = set(_WORD.findall(verdict.lower()))
    of_the_best.sort(key=lambda passage: -len(asked & set(_WORD.findall(passage.lower()))))
    return _unsaid([*of_the_best, *passages], said)


def _unsaid(passages: Sequence[str], said: str) -> str:
    """The beginning of the first passage that was not said before; of the first when all were."""
    beginnings = ["".join(_SENTENCE.findall(passage)[:_SENTENCES]).strip() for passage in passages]
    return next((beginning for beginning in beginnings if beginning not in said), beginnings[0])
