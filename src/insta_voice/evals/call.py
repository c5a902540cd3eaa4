"""One call in writing: the product's own agent, tools, search and record, without a room."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from livekit import rtc
from livekit.agents import llm

from insta_voice.agent.dialogue import Dialogue
from insta_voice.agent.dispatch import Dispatch
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.minds import Minds, build_minds
from insta_voice.agent.record.live_record import LiveRecord
from insta_voice.agent.record.reply import Reply
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.speech.greeting import welcome_text
from insta_voice.agent.state import CallState
from insta_voice.agent.tasks import Tasks
from insta_voice.calls import Reservation, Turn, get_call, reserve_call
from insta_voice.customers import get_profile, last_summary
from insta_voice.customers.accounts import CallAccount, StoredAccounts
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError
from insta_voice.knowledge import Context, Embedder, Evidence, gather_evidence
from insta_voice.settings import Settings
from insta_voice.voice.providers import build_model_in_writing

_RESERVED_FOR = timedelta(minutes=10)  # it is opened at once
# A language model that reasons, with three calls of tools, takes half of it; a caller would have hung up long before.
ANSWERED_WITHIN_S = 60.0
_FOUND_WITHIN_S = 30.0  # what is found is judged here, not how soon: a busy machine changes no verdict


class NoAnswerError(InstaVoiceError):
    """Nothing came back."""

    code = "no_answer"


@dataclass(frozen=True, slots=True)
class Product:
    """What conversations are held with."""

    settings: Settings
    db: Database
    embedder: Embedder


class TextCall:
    """`async with`: the greeting has been said when it begins, and the record is closed when it ends."""

    def __init__(self, product: Product, user_id: str, reservation: Reservation, *, can_leave_tickets: bool) -> None:
        settings, self._db = product.settings, product.db
        self._product = product
        self._user_id = user_id
        self.call_id = reservation.call_id
        self._minds = _minds(settings, can_leave_tickets)
        self._record = LiveRecord(self._db, Dispatch(self.call_id, user_id), reservation.room_name, self._minds.meter)
        # Of the caller of a scenario nothing is known elsewhere.
        self._account = CallAccount(
            StoredAccounts(self._db, settings.account.fields), user_id, keep_s=settings.account.cache_s
        )
        self._tasks = Tasks()
        self._answered = asyncio.Event()
        self._read = 0
        self.over = False  # the assistant has said goodbye
        self._can_leave_tickets = can_leave_tickets
        self._dialogue: Dialogue | None = None

    @property
    def mind(self) -> str:
        """The name of the model that is to answer."""
        return self._minds.mind.model

    async def __aenter__(self) -> Self:
        await self._record.open()
        state = CallState(
            self.call_id,
            self._user_id,
            self._product.settings,
            self._db,
            evidence=TurnEvidence(self._gather, timeout_s=_FOUND_WITHIN_S),
            account=self._account,
            can_deliver_tickets=self._can_leave_tickets,
            profile=await get_profile(self._db, self._user_id),
            last_summary=await last_summary(self._db, self._user_id),
        )
        recorder = self._record.begin_turns()
        self._tasks.spawn(recorder.run(), "record-turns")
        dialogue = self._dialogue = Dialogue(state, self._minds, recorder, RoomChannel(rtc.Room()))
        dialogue.on_reply_done = self._reply_done
        await dialogue.session.start(dialogue.assistant, record=False)
        await dialogue.speech.welcome_in_writing(welcome_text(state, resumed=False))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._record.close("goodbye" if self.over else "caller_left")
        await self._record.settle()
        if self._dialogue is not None:
            await self._dialogue.session.aclose()
        await self._tasks.aclose()
        await self._account.aclose()
        if self._minds.mind is not self._minds.grounded:
            await self._minds.mind.aclose()

    async def said(self) -> tuple[Turn, ...]:
        """The turns of the record since this was last asked."""
        assert self._record.recorder is not None, "it is there since the call began"
        await self._record.recorder.flush()
        turns = (await get_call(self._db, self._user_id, self.call_id)).turns[self._read :]
        self._read += len(turns)
        return turns

    async def say(self, words: str) -> tuple[Turn, ...]:
        """Say something, and give what came back. NoAnswerError."""
        assert self._dialogue is not None, "say something in the call"
        self._answered.clear()
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                await self._dialogue.asking.typed(words)
                await self._answered.wait()
        except TimeoutError:
            raise NoAnswerError(f"To “{words}” nothing came back within {ANSWERED_WITHIN_S:.0f} s.") from None
        except (RuntimeError, llm.RealtimeError) as error:  # the session is over
            raise NoAnswerError(f"To “{words}” nothing came back: {type(error).__name__}.") from error
        return await self.said()

    async def _gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        return await gather_evidence(
            self._db,
            self._product.embedder,
            heard,
            user_id=self._user_id,
            context=context,
            patience_s=_FOUND_WITHIN_S,
        )

    def _reply_done(self, reply: Reply) -> None:
        self.over = self.over or reply.said_goodbye
        self._answered.set()


async def text_call(product: Product, user_id: str, *, can_leave_tickets: bool) -> TextCall:
    """A reserved call, as the token service gives it."""
    reservation = await reserve_call(product.db, user_id=user_id, limits=product.settings.limits, ttl=_RESERVED_FOR)
    return TextCall(product, user_id, reservation, can_leave_tickets=can_leave_tickets)


def _minds(settings: Settings, can_leave_tickets: bool) -> Minds:
    """Without anyone in the model's place: when it fails, that is what is to be seen."""
    model = build_model_in_writing(settings, settings.voice_mode)
    return replace(build_minds(settings, model, can_deliver_tickets=can_leave_tickets), stand_ins=())
