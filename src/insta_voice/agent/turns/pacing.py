"""How long a pause must be before the caller's turn is taken to be over."""

from dataclasses import dataclass

from insta_voice.agent.turns.words import TurnWords


@dataclass(frozen=True, slots=True)
class Pacing:
    """Seconds of silence. Thinking pauses inside a sentence are 0.4 to 0.6 s in our recordings."""

    complete_s: float = 0.35  # a whole question, and the voice says so too
    likely_s: float = 0.55  # the voice says it is over
    unsure_s: float = 1.0  # the voice says it goes on, the words say it may be over
    unfinished_s: float = 1.7  # "and then I …": both say it goes on
    # LiveKit's own threshold of v1-mini for English (inference/eot/languages.py).
    over_probability: float = 0.36
    surely_over_probability: float = 0.6


def pause_needed_s(text: str, end_probability: float | None, pacing: Pacing, words: TurnWords) -> float:
    """The silence after `text` that ends the turn.

    `end_probability`: 0 to 1 from the end-of-turn model, None when it gave none in time.
    """
    over = end_probability if end_probability is not None else pacing.over_probability
    if words.looks_unfinished(text):
        return pacing.unsure_s if over >= pacing.surely_over_probability else pacing.unfinished_s
    if over >= pacing.over_probability:
        sure = words.looks_complete(text) and (end_probability is None or over >= pacing.surely_over_probability)
        return pacing.complete_s if sure else pacing.likely_s
    return pacing.likely_s if words.looks_complete(text) else pacing.unsure_s
