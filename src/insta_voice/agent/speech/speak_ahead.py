"""Speaks the sentences that `spare` keeps: `python -m insta_voice.agent.speech.speak_ahead` speaks what is missing.

The worker has it run when it starts, in a process of its own, so that neither the worker nor a call carries what that
takes.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from livekit.agents import APIError, tts

from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.settings import Settings, get_settings
from insta_voice.voice.fallback import FallbackTTS

log = logging.getLogger(__name__)

_TRIES_FOR_S = 300.0  # a first start loads its models beside us
# A voice that is away for so long is back when somebody has mended it; a try costs a process for five minutes.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 60.0, 1800.0


async def keep_spoken(settings: Settings, *, speak: Callable[[], Awaitable[int]] | None = None) -> None:
    """Have what is missing spoken, again and again until nothing is; `speak` runs the program for that and gives its
    exit code.
    """
    pause_s = _FIRST_PAUSE_S
    while _lacking(settings):
        code = await (speak or _in_a_process)()
        if not _lacking(settings):
            return
        log.warning("not every sentence for when the voice is away is kept (code %d); again in %.0f s", code, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _lacking(settings: Settings) -> list[SpareVoice]:
    """The languages in which something is still to be spoken."""
    spares = [SpareVoice(settings, language) for language in settings.languages]
    return [spare for spare in spares if spare.missing()]


async def _in_a_process() -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def speak_missing(spare: SpareVoice, voice: tts.TTS[Any], *, tries_for_s: float = _TRIES_FOR_S) -> None:
    """Speak what is missing, with patience for a voice that is not there yet. TimeoutError when it never came."""
    async with asyncio.timeout(tries_for_s):
        while missing := spare.missing():
            try:
                await spare.speak(missing[0], voice)
            except APIError:
                await asyncio.sleep(1.0)


def own_voice(voice: tts.TTS[Any]) -> tts.TTS[Any]:
    """The first of several: what another says in its place is not to be kept for good."""
    return voice.voices[0] if isinstance(voice, FallbackTTS) else voice


async def _main() -> int:
    settings = get_settings()
    try:
        for spare in _lacking(settings):
            await _speak(spare, settings)
    except (TimeoutError, OSError) as error:
        log.warning("no sentences could be kept for when the voice is away: %s", type(error).__name__)
        return 1
    return 0


async def _speak(spare: SpareVoice, settings: Settings) -> None:
    from insta_voice.voice.providers import build_providers

    providers = build_providers(settings, settings.voice_mode, spare.language)
    try:
        await speak_missing(spare, own_voice(providers.tts))
    finally:
        with contextlib.suppress(Exception):
            await providers.aclose()


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
