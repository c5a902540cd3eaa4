"""How sure a follow-up is: as sure as the words of it that articles have, where it may be about something else."""

from dataclasses import replace

from insta_voice.knowledge.blending import blended_signals
from insta_voice.knowledge.confidence import confidence
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.hits import Hit

FOUND = Hit(Passage(1, "a", None, 1, "Plans", "", "", "", 0.5, ()), 0.4, 0.4, 0.2, known=1.0, ahead=0.3)


def test_words_that_no_article_has_count_in_full_where_it_may_be_about_something_else() -> None:
    own, joined = [replace(FOUND, known=0.2)], [FOUND]
    certain, uncertain = (blended_signals(own, joined, joined, certain=certain) for certain in (True, False))
    assert confidence(uncertain) < confidence(certain) - 0.1
