"""What a job process runs: made ready before its call, one call, its end.

What a call needs is imported inside these functions: the worker, which names them to LiveKit, holds no call, and is
ready some seconds sooner without it.
"""

import asyncio
import gc
import logging
from typing import Literal

from livekit.agents import JobContext, JobProcess

from insta_voice.agent.defects import whereabouts
from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.db import Database, use_database
from insta_voice.errors import ConfigurationError
from insta_voice.languages import Language
from insta_voice.settings import Settings, get_settings

log = logging.getLogger(__name__)

_TOLD_WITHIN_S = 5.0  # a room that cannot be reached by then has nobody to tell
_CONNECTIONS_PER_CALL = 3  # a turn's search, a turn's record and the heartbeat at once


def prewarm(process: JobProcess, mechanisms: Mechanisms = ALL) -> None:
    """In each job process, before its call: whatever would block the call's first seconds.

    The voice activity model (2 MB) and the clients of the providers; the weights of speech are the speech server's.
    """
    import insta_voice.agent.worker.warm  # noqa: F401
    from insta_voice.voice.providers import load_vad

    process.userdata["vad"] = load_vad()
    process.userdata["mechanisms"] = mechanisms
    settings = get_settings()
    _put_together(process, settings, settings.languages[0])  # nobody has called yet: the one that most will speak
    gc.collect()
    gc.freeze()  # a full collection in mid-call would stop the audio for a tenth of a second


def _put_together(process: JobProcess, settings: Settings, language: Language) -> None:
    """What a call in `language` is held with."""
    from insta_voice.agent.minds import build_parts
    from insta_voice.agent.prompt_version import prompt_version
    from insta_voice.knowledge import use_embedder

    process.userdata["parts"] = parts = build_parts(settings, language)
    process.userdata["prompt_version"] = prompt_version(settings, language)
    use_embedder(parts.embedder)


async def _speak(process: JobProcess, settings: Settings, language: Language) -> None:
    """Exchange what was made ready for another language; it has connected to nothing."""
    if (parts := process.userdata["parts"]).language != language:
        await parts.aclose()
        _put_together(process, settings, language)


async def hold_call(context: JobContext) -> None:
    """The entrypoint of a job process: one call."""
    from insta_voice.agent.call import LiveCall
    from insta_voice.agent.dispatch import Refused, Superseded, dispatched

    settings = get_settings()
    language = settings.languages[0]
    call: LiveCall | None = None
    try:
        db = database(settings, max_size=_CONNECTIONS_PER_CALL)
        use_database(db)
        language = dispatched(context.job.metadata).spoken(settings.languages)
        await _speak(context.proc, settings, language)
        call = LiveCall(context, settings, db)
        context.proc.userdata["call"] = call
        await call.start()
    except Superseded:
        log.warning("another agent holds the call already; this one steps back")
        if call is not None:
            call.step_back()
        context.shutdown("superseded")
    except Refused as refusal:
        log.error("the call is not served: %s", refusal)
        if call is not None:
            await call.refuse()
        else:
            await _turn_away(context, "refused", language)
        context.shutdown("refused")
    except Exception as error:
        log.error("the call could not be set up at %s", whereabouts(error))
        # Not raised: LiveKit would log the message, which can hold what was said or who said it.
        if call is not None:
            call.fail()
        else:
            await _turn_away(context, "error", language)
            context.shutdown("error")


async def _turn_away(context: JobContext, reason: Literal["refused", "error"], language: Language) -> None:
    """The job ends before there is a call: whoever is in the room is told, and waits for nobody."""
    from insta_voice.agent.endings import explanation
    from insta_voice.agent.room import RoomChannel

    try:
        async with asyncio.timeout(_TOLD_WITHIN_S):
            await context.connect()
            await RoomChannel(context.room).ended(explanation(reason, language))
            await context.delete_room()
    except Exception as error:
        log.error("the room of a job without a call was not told at %s", whereabouts(error))


async def end_call(context: JobContext) -> None:
    """When the session of a job is over, however that came."""
    if call := context.proc.userdata.get("call"):
        await call.on_session_end()


def database(settings: Settings, *, max_size: int, answer_within_s: float | None = None) -> Database:
    """The database of the settings; ConfigurationError without one."""
    if settings.database.url is None:
        raise ConfigurationError("The worker needs DATABASE_URL.")
    return Database(
        settings.database.url.get_secret_value(),
        max_size=max_size,
        connect_timeout_s=settings.database.connect_timeout_s,
        answer_within_s=answer_within_s,
    )
