"""The web as a source of articles: one page, the pages of a sitemap, or what is linked from a page.

Here are which addresses may be asked for, how their hosts are treated, which pages there are, what becomes of them when
they change or go, and which are read again by themselves. How a document is read is `formats`'; what is dialled is
checked by `outgoing`.
"""

from insta_voice.knowledge.documents import EVERYONE
from insta_voice.knowledge.web.addresses import Door, page_address
from insta_voice.knowledge.web.ingestion import ingest_web
from insta_voice.knowledge.web.pace import Pace
from insta_voice.knowledge.web.reasons import reason_of
from insta_voice.knowledge.web.schedule import (
    Reading,
    ScheduledSource,
    claim_due_source,
    claim_source,
    list_scheduled,
    refresh,
    schedule,
    unschedule,
)
from insta_voice.knowledge.web.source import DEPTH, MAX_PAGES, Bounds, Kind, WebSource
from insta_voice.knowledge.web.visiting import Visitor
from insta_voice.settings import Settings

__all__ = [
    "DEPTH",
    "EVERYONE",
    "MAX_PAGES",
    "Bounds",
    "Door",
    "Kind",
    "Pace",
    "Reading",
    "ScheduledSource",
    "Visitor",
    "WebSource",
    "claim_due_source",
    "claim_source",
    "door_of",
    "ingest_web",
    "list_scheduled",
    "page_address",
    "reason_of",
    "refresh",
    "schedule",
    "unschedule",
    "visitor_of",
]


def door_of(settings: Settings) -> Door:
    """Where this installation lets out to."""
    return Door(settings.knowledge.allow_hosts)


def visitor_of(settings: Settings) -> Visitor:
    """Who visits pages for this installation."""
    return Visitor(door_of(settings))
