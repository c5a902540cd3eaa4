"""The company's names, told to whoever recognises what the caller says."""

import asyncio
import logging
from typing import Any

from livekit.agents.stt import STT

from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError
from insta_voice.knowledge import key_terms
from insta_voice.voice.key_terms import takes_key_terms, tell_key_terms

log = logging.getLogger(__name__)

# It takes some milliseconds, and a caller says nothing of weight before the greeting is over.
_READ_WITHIN_S = 2.0


async def tell_recognizer(db: Database, stt: STT[Any], user_id: str) -> None:
    """Where the recogniser takes them. A call whose articles cannot be read in time goes on without."""
    if not takes_key_terms(stt):
        return
    try:
        async with asyncio.timeout(_READ_WITHIN_S):
            terms = await key_terms(db, user_id)
    except (InstaVoiceError, TimeoutError) as error:
        log.info("the recogniser is told no names: %s", type(error).__name__)
        return
    tell_key_terms(stt, terms)
