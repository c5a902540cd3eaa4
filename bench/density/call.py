"""One call among several: asks one question after the other until all have asked enough."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

from bench.density.caller import calling
from bench.density.customers import CallingCustomer
from bench.density.together import Together
from livekit import rtc

from insta_voice.demo.microphone import Pcm
from insta_voice.errors import InstaVoiceError

_GREETED_WITHIN_S: Final = 20.0
_ANSWERED_WITHIN_S: Final = 10.0
_LONGEST_ANSWER_S: Final = 20.0
_SETTLED_S: Final = 2.0  # longer than any pause between sentences, also on a machine that has too much to do


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: when its last sample left, and after how long the answer was heard. None: never, or too soon."""

    at_s: float
    waited_ms: float | None
    talked_into: bool


@dataclass(slots=True)
class Held:
    """A call as its caller lived it; `refused` is what they were told instead, `lost` that it ended by itself."""

    call_id: str = ""
    refused: str = ""
    greeted_after_ms: float | None = None
    lost: bool = False
    asked: list[Asked] = field(default_factory=list)


async def hold(customer: CallingCustomer, questions: Sequence[Pcm], together: Together) -> Held:
    """Join, be greeted, ask until it is over."""
    held = Held()
    try:
        invitation = await customer.invite()
    except InstaVoiceError as error:
        held.refused = str(error) or type(error).__name__
        together.refused()
        return held
    held.call_id = invitation.call_id
    async with calling() as caller:
        began_s = time.monotonic()
        greeted_s: float | None = None
        with contextlib.suppress(rtc.ConnectError):
            await caller.join(invitation.server_url, invitation.token)
            greeted_s = await caller.first_sound(began_s, _GREETED_WITHIN_S)
        if greeted_s is None:
            held.refused = "nobody greeted them"
            together.refused()
            return held
        held.greeted_after_ms = (greeted_s - began_s) * 1000
        together.joined()
        await caller.silence(_SETTLED_S, _LONGEST_ANSWER_S)
        for question in cycle(questions):
            if together.over.is_set() or caller.gone.is_set():
                break
            speaks_s = time.monotonic()
            asked_s = await caller.say(question)
            answered_s = await caller.first_sound(asked_s, _ANSWERED_WITHIN_S)
            talked_into = caller.heard_between(speaks_s, asked_s)
            waited_ms = None if answered_s is None or talked_into else (answered_s - asked_s) * 1000
            held.asked.append(Asked(asked_s, waited_ms, talked_into))
            together.asked(asked_s)
            await caller.silence(_SETTLED_S, _LONGEST_ANSWER_S)
        held.lost = caller.gone.is_set()
        together.left()
    return held
