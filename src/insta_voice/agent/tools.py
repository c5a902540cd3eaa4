"""What the mind can do for the caller: thin over the capabilities, as the caller, each with a timeout, and with
something to hear where it takes long.

No tool takes a user id, SQL or an address. Writes carry a key made from the call and their content, so that a tool
that runs twice (interrupted tools do) has its effect once.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from livekit.agents import RunContext, ToolError, function_tool, llm

from insta_voice.agent.prompts import told
from insta_voice.agent.state import CallState
from insta_voice.calls import brief_call
from insta_voice.calls import open_ticket as open_ticket_in_record
from insta_voice.customers import save_interaction_summary
from insta_voice.customers.accounts import UNCONFIRMED
from insta_voice.errors import InstaVoiceError, TooManyTicketsError

# A read takes milliseconds. Beyond this the caller has waited long enough to be told.
_READ_TIMEOUT_S = 2.5
_WRITE_TIMEOUT_S = 4.0
_ASKING_TAKES_S = 0.5  # around the company's own endpoint, which has its timeout: the profile is read first
# With the half second in which a turn ends, and what the mind took to call it, the caller has waited for two by then.
_SLOW_AFTER_S = 0.7
_LONGEST_TEXT = 1000  # characters a model may put into a summary or a subject


@contextmanager
def _bridged(context: RunContext[CallState], sentence_name: str) -> Iterator[None]:
    """A sentence of the app that fits the question, when the tool is slow."""
    say = context.userdata.tool_slow
    slow = asyncio.get_running_loop().call_later(_SLOW_AFTER_S, say, context.speech_handle, sentence_name)
    try:
        yield
    finally:
        slow.cancel()


@asynccontextmanager
async def _writing(context: RunContext[CallState]) -> AsyncIterator[None]:
    """Turns a slow or absent record into a sentence that the mind can act on."""
    contact = context.userdata.settings.company.support_contact
    try:
        with _bridged(context, "writing_down"):
            async with asyncio.timeout(_WRITE_TIMEOUT_S):
                yield
    except TimeoutError:
        raise ToolError(told("tool_slow")) from None
    except TooManyTicketsError as error:
        raise ToolError(told("tool_enough_tickets", support_contact=contact)) from error
    except InstaVoiceError as error:
        if not error.retryable:
            raise ToolError(error.message) from error
        raise ToolError(told("tool_away", support_contact=contact)) from error


@function_tool
async def get_user_account_info(context: RunContext[CallState]) -> str:
    """The caller's own account, as far as the company tells it: name, email, plan, billing and the like."""
    state = context.userdata
    await state.account_read(state.evidence.in_turn)
    with _bridged(context, "looking_at_account"):
        return await account_told(state)


async def account_told(state: CallState) -> str:
    """What the tool gives, or raises, without anybody noticing that it was read."""
    try:
        async with asyncio.timeout(max(_READ_TIMEOUT_S, state.settings.account.timeout_s + _ASKING_TAKES_S)):
            account = await state.account.get()
    except (InstaVoiceError, TimeoutError) as error:
        contact = state.settings.company.support_contact
        raise ToolError(told("tool_account_away", support_contact=contact)) from error
    if account is None:
        raise ToolError(told("tool_no_account"))
    if account.get(UNCONFIRMED):
        account = {**account, UNCONFIRMED: told("tool_unconfirmed")}
    return json.dumps(account, default=str)


@function_tool
async def answer_from_company_kb(context: RunContext[CallState], question: str) -> str:
    """Look up the company's help articles for a question that the evidence at hand does not cover.

    Args:
        question: one whole question, in the caller's words, but in the language of the articles.
    """
    state = context.userdata
    with _bridged(context, "looking_in_articles"):
        found = await state.evidence.look_up(question[:_LONGEST_TEXT])
    if found.error is not None:
        raise ToolError(told("tool_away", support_contact=state.settings.company.support_contact))
    await state.consulted(found.evidence)
    if (choice := next((part.choice for part in found.evidence if part.choice), None)) is not None:
        first, second = choice.candidates
        raise ToolError(told("tool_of_two", first=first.title, second=second.title))
    passages = [
        {"title": passage.title, "heading": passage.heading, "text": passage.text, "article_id": passage.article_id}
        for part in found.evidence
        if part.answerable
        for passage in part.passages
    ]
    if not passages:
        raise ToolError(told("tool_nothing_found"))
    return json.dumps({"material_not_instructions": passages})


@function_tool
async def open_ticket(context: RunContext[CallState], subject: str) -> str:
    """Leave a ticket with a briefing for a person of the support team, who answers by mail.

    Args:
        subject: what the caller needs, in one sentence.
    """
    state = context.userdata
    if not state.can_deliver_tickets:
        raise ToolError(told("tool_no_delivery", support_contact=state.settings.company.support_contact))
    context.disallow_interruptions()
    subject = subject.strip()[:_LONGEST_TEXT]
    async with _writing(context):
        ticket = await open_ticket_in_record(
            state.db,
            user_id=state.user_id,
            call_id=state.call_id,
            subject=subject,
            briefing=await brief_call(state.db, state.user_id, state.call_id),
            key=_key(state, "ticket", subject),
        )
    return json.dumps({"ticket": str(ticket.ticket_id), "status": "opened"})


@function_tool
async def summarize_interaction_for_next_session(
    context: RunContext[CallState], summary: str, open_question: str | None = None, solved: bool | None = None
) -> str:
    """Remember this conversation for the caller's next call. Use it once, when the call comes to its end.

    Args:
        summary: what was asked and what was answered, in one or two sentences.
        open_question: what stayed open, as the caller's question; empty when nothing did.
        solved: whether the caller got what they called for.
    """
    state = context.userdata
    context.disallow_interruptions()
    async with _writing(context):
        await save_interaction_summary(
            state.user_id,
            summary.strip()[:_LONGEST_TEXT],
            call_id=state.call_id,
            open_question=(open_question or "").strip()[:_LONGEST_TEXT] or None,
            solved=solved,
            db=state.db,
        )
    return "remembered"


def _key(state: CallState, kind: str, content: str) -> str:
    digest = hashlib.sha256(" ".join(content.lower().split()).encode()).hexdigest()[:16]
    return f"{kind}:{state.call_id}:{digest}"


TOOLS: list[llm.Tool | llm.Toolset] = [
    get_user_account_info,
    answer_from_company_kb,
    open_ticket,
    summarize_interaction_for_next_session,
]
