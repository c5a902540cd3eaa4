"""Gaps: what callers asked in vain, found in the records of ended calls, grouped by meaning, ranked, drafted, closed.

A question's words stay in the record of its call; its causes, its vector and its group are here, and go with the call.
"""

from insta_voice.knowledge.gaps.asking_again import AskedAgain
from insta_voice.knowledge.gaps.closing import (
    MOST_AFTER_PUBLISHING,
    Checked,
    check_gap,
    check_open_gaps,
    close_answered,
    close_gap,
    open_gaps,
)
from insta_voice.knowledge.gaps.drafting import begin_draft, draft_of, gap_of_draft
from insta_voice.knowledge.gaps.grouping import find_gaps
from insta_voice.knowledge.gaps.listing import Gap, GapQuestion, get_gap, list_gaps

__all__ = [
    "MOST_AFTER_PUBLISHING",
    "AskedAgain",
    "Checked",
    "Gap",
    "GapQuestion",
    "begin_draft",
    "check_gap",
    "check_open_gaps",
    "close_answered",
    "close_gap",
    "draft_of",
    "find_gaps",
    "gap_of_draft",
    "get_gap",
    "list_gaps",
    "open_gaps",
]
